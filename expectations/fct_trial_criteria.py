"""How well eligibility texts become criteria: a warning when texts of the usual form are no longer read."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

# 2026-11-23: of 63 183 texts with both headings at the start of a line 99.4 % give criteria of both kinds.
LEAST_SHARE_READ = 0.95
# Of a small registry a few odd texts are more than a twentieth.
TEXTS_THAT_MAY_FAIL = 5

ID_COLUMNS = ("mart",)
WHO_ACTS = (
    "a developer, at leisure: look at texts of dim_trials that have both headings and no criteria of a kind"
)
TABLE = f"""
    with

    texts as (
        select nct_id
        from marts.dim_trials
        where
            regexp_matches(eligibility_criteria, '(?i)(^|\\n)[^a-z0-9\\n]*inclusion criteria *:')
            and regexp_matches(eligibility_criteria, '(?i)(^|\\n)[^a-z0-9\\n]*exclusion criteria *:')
    ),

    read as (
        select nct_id
        from marts.fct_trial_criteria
        where criterion_role <> 'HEADING'
        group by nct_id
        having bool_or(criterion_kind = 'INCLUSION') and bool_or(criterion_kind = 'EXCLUSION')
    )

    select
        'fct_trial_criteria' as mart,
        count(*) as texts_count,
        count(*) - count(read.nct_id) as unread_count,
        greatest(
            {TEXTS_THAT_MAY_FAIL}, cast(floor(count(*) * (1 - {LEAST_SHARE_READ})) as bigint)
        ) as allowed_count
    from texts
    left join read on texts.nct_id = read.nct_id
"""


def suite() -> "ExpectationSuite":
    """The rule for all texts together."""
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.expectations.metadata_types import FailureSeverity

    return gx.ExpectationSuite(
        name="fct_trial_criteria",
        expectations=[
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="allowed_count",
                column_B="unread_count",
                or_equal=True,
                description="at least 95 % of the texts with both headings give criteria of both kinds",
                meta={"rule": "texts_are_read"},
                severity=FailureSeverity.WARNING,
            )
        ],
    )
