"""Fields filled on the last good day and no more: a record may empty one, a whole field may not vanish."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

# 2026-11-22: a field that vanishes from more than 0.1 % of the records that had it is a fault of the registry
# or of ours. Below 21 records it may be chance: a resumed trial loses its whyStopped, of which there are few.
SHARE_THAT_MAY_GO = 0.001
RECORDS_THAT_MAY_GO = 20

ID_COLUMNS = ("path",)
WHO_ACTS = (
    "a data engineer: compare records of today with those of the last good day (`trialhouse receipt`); if the"
    "  registry dropped the field, the typed record and the marts must follow it"
)
TABLE = f"""
    with

    had as (
        select path, count(*) as had_count
        from (
            select unnest(versions.filled_fields) as path
            from before
            inner join versions using (nct_id, content_hash)
        )
        group by path
    ),

    changed as (
        select before.nct_id, before.content_hash as old_hash, today.content_hash as new_hash
        from before
        inner join today using (nct_id)
        where before.content_hash <> today.content_hash
    ),

    lost as (
        select path, count(*) as lost_count
        from (
            select unnest(list_filter(
                old.filled_fields, lambda path: not list_contains(new.filled_fields, path)
            )) as path
            from changed
            inner join versions as old on changed.nct_id = old.nct_id and changed.old_hash = old.content_hash
            inner join versions as new on changed.nct_id = new.nct_id and changed.new_hash = new.content_hash
        )
        group by path
    )

    select
        path,
        had_count,
        coalesce(lost_count, 0) as lost_count,
        greatest(
            {RECORDS_THAT_MAY_GO}, cast(floor(had_count * {SHARE_THAT_MAY_GO}) as bigint)
        ) as allowed_count
    from had
    left join lost using (path)
    order by path
"""


def suite() -> "ExpectationSuite":
    """The rule for every field that any record of the last good day filled."""
    import great_expectations as gx
    import great_expectations.expectations as gxe

    return gx.ExpectationSuite(
        name="raw_ctgov__fields",
        expectations=[
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="allowed_count",
                column_B="lost_count",
                or_equal=True,
                description="no field vanished from more than 0.1 % of the records that had it",
            ),
        ],
    )
