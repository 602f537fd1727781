"""Which of a day's status changes people must hear of. A flag: red rows are marked, nothing stops."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

# The three ways a trial stops: somebody must know within minutes.
STOPPED_STATUSES = ("SUSPENDED", "TERMINATED", "WITHDRAWN")

ID_COLUMNS = ("event_key", "nct_id")
WHO_ACTS = "nobody: flagged changes are told in Slack"
TABLE = """
    select event_key, nct_id, before_value as previous_status, after_value as status
    from marts.fct_trial_events
    where snapshot_date = $snapshot_date and starts_with(event_type, 'STATUS_')
    order by event_key
"""


def suite() -> "ExpectationSuite":
    """The rule that names every trial that stopped."""
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.expectations.metadata_types import FailureSeverity

    return gx.ExpectationSuite(
        name="fct_trial_events",
        expectations=[
            gxe.ExpectColumnValuesToNotBeInSet(
                column="status",
                value_set=list(STOPPED_STATUSES),
                description="no trial was suspended, terminated or withdrawn",
                meta={"rule": "nobody_stopped"},
                severity=FailureSeverity.WARNING,
            )
        ],
    )
