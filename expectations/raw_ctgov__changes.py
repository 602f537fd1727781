"""Fields that changed in many records at once: no sponsors do that, a change of schema or format does."""

from typing import TYPE_CHECKING

from trialhouse.allowances import allowed_in_days

if TYPE_CHECKING:
    import duckdb
    from great_expectations import ExpectationSuite

# 2026-11-23: one or two in a thousand records change in a day, and not all of them in the same field. Below
# 51 records it may be chance, or a sponsor that renames itself.
SHARE_THAT_MAY_CHANGE = 0.01
RECORDS_THAT_MAY_CHANGE = 50
# Every update moves them: how many records may be updated is for `raw_ctgov__snapshots.few_changed` to say.
MOVED_BY_EVERY_UPDATE = tuple(
    f"protocolSection.statusModule.{name}"
    for name in ("lastUpdateSubmitDate", "lastUpdatePostDateStruct.date", "statusVerifiedDate")
)

COLUMNS = ("path", "changed_count", "allowed_count")
ID_COLUMNS = ("path",)
WHO_ACTS = (
    "a data engineer: compare records of today with those of the last good day (`trialhouse receipt`); if the"
    " registry writes the field differently now, the comparison of contents must learn that before events are"
    " told"
)
TABLE = f"""
    select path, sum(changed_count)
    from changed_fields
    where path not in {MOVED_BY_EVERY_UPDATE}
    group by path
    order by path
"""


def table(connection: "duckdb.DuckDBPyConnection", records: int, days: int) -> list[dict[str, object]]:
    """One row a field that changed: in how many records, and in how many it may in so many days."""
    allowed = allowed_in_days(records, SHARE_THAT_MAY_CHANGE, RECORDS_THAT_MAY_CHANGE, days)
    return [
        {"path": path, "changed_count": int(changed_count), "allowed_count": allowed}
        for path, changed_count in connection.execute(TABLE).fetchall()
    ]


def suite() -> "ExpectationSuite":
    """The rule for every field that differs from the last good day in some record."""
    import great_expectations as gx
    import great_expectations.expectations as gxe

    return gx.ExpectationSuite(
        name="raw_ctgov__changes",
        expectations=[
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="allowed_count",
                column_B="changed_count",
                or_equal=True,
                description="schema or format drift: no field changed in more than 1 % of all records",
                meta={"rule": "no_field_changed_everywhere"},
            ),
        ],
    )
