"""Our counts by status, type, phase and sponsor class beside the registry's own of the same data version."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

# 2026-11-22: both are of one data version, so they should be equal; 0.05 % is what AACT's verifier tolerates.
# Records in quarantine and those the listing left out may differ for certain.
SHARE_THAT_MAY_DIFFER = 0.0005

ID_COLUMNS = ("piece", "code")
WHO_ACTS = (
    "a data engineer: if the registry's statistics lag behind its records, leave the day held; "
    "if ours are wrong, records were lost or misread"
)
TABLE = f"""
    with

    described as (
        select
            nct_id,
            content_hash,
            protocolSection.statusModule.overallStatus as status,
            protocolSection.designModule.studyType as study_type,
            protocolSection.designModule.phases as phases,
            protocolSection.sponsorCollaboratorsModule.leadSponsor.class as sponsor_class
        from versions
    ),

    records as (
        select described.*
        from today
        inner join described using (nct_id, content_hash)
    ),

    codes as (
        select 'OverallStatus' as piece, status as code from records
        union all
        select 'StudyType', study_type from records
        union all
        select 'LeadSponsorClass', sponsor_class from records
        union all
        select 'Phase', unnest(list_distinct(phases)) from records where len(phases) > 0
        union all
        select 'Phase', null from records where coalesce(len(phases), 0) = 0
    ),

    ours as (
        select piece, code, count(*) as our_count from codes group by piece, code
    ),

    both_counts as (
        select
            coalesce(registry_counts.piece, ours.piece) as piece,
            coalesce(registry_counts.code, ours.code, '(missing)') as code,
            coalesce(registry_counts.studies_count, 0) as registry_count,
            coalesce(ours.our_count, 0) as our_count
        from registry_counts
        full outer join ours
            on registry_counts.piece = ours.piece and registry_counts.code is not distinct from ours.code
    )

    select
        *,
        abs(registry_count - our_count) as difference,
        greatest(
            $certain_difference,
            cast(floor((select count(*) from today) * {SHARE_THAT_MAY_DIFFER}) as bigint)
        ) as allowed_difference
    from both_counts
    where piece in (select piece from registry_counts)
    order by piece, code
"""


def figures(counts: Any) -> dict[str, int]:
    """How many codes were compared and how far the worst of them is off, in records."""
    return {"codes_compared": len(counts), "largest_difference": int(counts["difference"].max())}


def suite() -> "ExpectationSuite":
    """The rule for every code of the compared fields."""
    import great_expectations as gx
    import great_expectations.expectations as gxe

    return gx.ExpectationSuite(
        name="raw_ctgov__counts",
        expectations=[
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="allowed_difference",
                column_B="difference",
                or_equal=True,
                description="our counts are the registry's own, within 0.05 %",
                meta={"rule": "counts_agree"},
            ),
        ],
    )
