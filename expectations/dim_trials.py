"""What is about to be published: the trials themselves. Keys and relations are held by dbt tests."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from expectations.raw_ctgov__studies import STATUSES

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

# As for what arrived: withheld records are a few in a thousand, small registries must survive two of them.
MOSTLY_FILLED = 0.99

ID_COLUMNS = ("nct_id",)
WHO_ACTS = "a data engineer: look at the named trials in the build file and at the last change in dbt_project"
TABLE = """
    select
        nct_id,
        overall_status,
        brief_title,
        last_snapshot_date
    from marts.dim_trials
"""


def suite(records_ever_seen: int, snapshot_date: date) -> "ExpectationSuite":
    """The rules for all trials; `records_ever_seen` is counted in the lake, past everything dbt did."""
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.expectations.metadata_types import FailureSeverity

    return gx.ExpectationSuite(
        name="dim_trials",
        expectations=[
            gxe.ExpectTableRowCountToEqual(
                value=records_ever_seen,
                description="one row for every record the lake ever saw",
                meta={"rule": "every_record_once"},
            ),
            gxe.ExpectColumnMaxToBeBetween(
                column="last_snapshot_date",
                min_value=datetime.combine(snapshot_date, time.min),
                description="the trials are as new as the day being published",
                meta={"rule": "as_new_as_the_day"},
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="overall_status",
                value_set=list(STATUSES),
                description="every status is one of the registry's 14",
                meta={"rule": "known_status"},
                severity=FailureSeverity.WARNING,
            ),
            gxe.ExpectColumnValuesToNotBeNull(
                column="overall_status",
                mostly=MOSTLY_FILLED,
                description="at least 99 % of trials have a status",
                meta={"rule": "has_overall_status"},
            ),
            gxe.ExpectColumnValuesToNotBeNull(
                column="brief_title",
                mostly=MOSTLY_FILLED,
                description="at least 99 % of trials have a title",
                meta={"rule": "has_brief_title"},
            ),
        ],
    )
