"""What arrived, as a whole: the one manifest of a day. A red rule means the day is not one complete state."""

from typing import TYPE_CHECKING

from trialhouse.allowances import allowed_in_days

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

# Records leave the registry a few in a month; more than 20 in a day is our fault or a fault of the registry.
MOST_VANISHED = 20
# 2026-11-22: none of 2 901 real records from all over the registry had to be set aside.
MOST_QUARANTINED = 20
# 2026-11-22: one record's answer may be odd; of a large loss the registry is asked for 200 only.
MOST_UNCHECKED = 20
# 2026-11-23: one or two in a thousand records change in a day, weekends included. Small registries change in
# leaps: 50 records may be more than 3 % of them.
SHARE_THAT_MAY_CHANGE = 0.03
RECORDS_THAT_MAY_CHANGE = 50
# 2026-11-23: the registry grows by 0.03 % in a day. How much it may shrink follows from MOST_VANISHED, which
# is less than a thousandth of it: nobody is missing who did not vanish.
SHARE_THAT_MAY_COME = 0.01
RECORDS_THAT_MAY_COME = 50

MANIFEST_COLUMNS = (
    "snapshot_date",
    "data_timestamp",
    "data_timestamp_after",
    "total_count",
    "listed_count",
    "studies_count",
    "vanished_count",
    "quarantined_count",
    "artefact_count",
    "unchecked_count",
)
FLAGS = {
    "artefact_count": "the listing left no record out that the registry has",
    "unchecked_count": "of every record that is not listed the registry said what became of it",
    "quarantined_count": "every record could be loaded",
    "drift_count": "no record holds a field or code that this warehouse does not know",
    "missing_counts": "the registry publishes every count that ours are compared with",
}

ID_COLUMNS = ("snapshot_date",)
WHO_ACTS = (
    "a data engineer: read the sync log of the day; "
    "if the registry was at fault, leave the day held, later days go on"
)


def most_counts(records: int, days: int) -> dict[str, int]:
    """How many records a day may have and how many changed ones, so many days after one with `records`."""
    may_come = allowed_in_days(records, SHARE_THAT_MAY_COME, RECORDS_THAT_MAY_COME, days)
    may_change = allowed_in_days(records, SHARE_THAT_MAY_CHANGE, RECORDS_THAT_MAY_CHANGE, days)
    return {"most_studies_count": records + may_come, "most_changed_count": may_change}


def suite() -> "ExpectationSuite":
    """The rules for one manifest. A day older than the newest is allowed: replays land days late."""
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.expectations.metadata_types import FailureSeverity

    return gx.ExpectationSuite(
        name="raw_ctgov__snapshots",
        expectations=[
            gxe.ExpectTableRowCountToEqual(
                value=1, description="a day has one manifest", meta={"rule": "one_manifest"}
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="studies_count",
                min_value=1,
                description="the day has records",
                meta={"rule": "has_records"},
            ),
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="listed_count",
                column_B="total_count",
                description="as many records were listed as the registry said it has",
                meta={"rule": "all_listed"},
            ),
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="data_timestamp",
                column_B="data_timestamp_after",
                description="the registry did not move while it was read",
                meta={"rule": "did_not_move"},
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="vanished_count",
                max_value=MOST_VANISHED,
                description=f"at most {MOST_VANISHED} records vanished in a day",
                meta={"rule": "few_vanished"},
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="quarantined_count",
                max_value=MOST_QUARANTINED,
                description=f"at most {MOST_QUARANTINED} records of a day could not be loaded",
                meta={"rule": "few_quarantined"},
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="unchecked_count",
                max_value=MOST_UNCHECKED,
                description=f"of at most {MOST_UNCHECKED} records that are not listed nobody knows why",
                meta={"rule": "few_unchecked"},
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="most_changed_count",
                column_B="changed_count",
                or_equal=True,
                description="at most 3 % of all records changed in a day",
                meta={"rule": "few_changed"},
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="most_studies_count",
                column_B="studies_count",
                or_equal=True,
                description="at most 1 % more records than on the last good day",
                meta={"rule": "few_came"},
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="damaged_count",
                max_value=0,
                description="every file of the day is what its manifest says",
                meta={"rule": "files_as_landed"},
            ),
            *(
                gxe.ExpectColumnValuesToBeBetween(
                    column=column,
                    max_value=0,
                    severity=FailureSeverity.WARNING,
                    description=description,
                    meta={"rule": f"no_{column}"},
                )
                for column, description in FLAGS.items()
            ),
        ],
    )
