"""What a day counts beside its own last 28 days: warnings, a trend tells where to look and stops nobody."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

ID_COLUMNS = ("metric", "counted", "least_before", "most_before")
WHO_ACTS = "a data engineer, at leisure: look at the records that break the rule since that day"
# How far outside is too far is said by the macro `is_unusual`.
TABLE = """
    select metric, counted, least_before, most_before, is_unusual
    from marts.fct_quality_metrics
    where snapshot_date = $snapshot_date
    order by metric
"""


def suite() -> "ExpectationSuite":
    """The rule for every metric of a day."""
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.expectations.metadata_types import FailureSeverity

    return gx.ExpectationSuite(
        name="fct_quality_metrics",
        expectations=[
            gxe.ExpectColumnValuesToBeInSet(
                column="is_unusual",
                value_set=[False],
                description="every metric is about what it was on the 28 days before",
                meta={"rule": "as_usual"},
                severity=FailureSeverity.WARNING,
            )
        ],
    )
