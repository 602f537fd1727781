"""Events against what plain Python finds between the records, and against edits that are known."""

from collections import Counter
from collections.abc import Iterable

from integration.conftest import Outcome
from integration.events_oracle import Event, expected_events

# Whose before and after are one value of the record.
WITH_VALUES = ("STATUS_", "PCD_", "CD_", "START_", "ENROLL_", "SITES_", "SPONSOR_", "WHY_STOPPED")
TOLD = """
    select nct_id, snapshot_date, event_type, severity, before_value, after_value
    from marts.fct_trial_events
    where event_type not in ('NEW_TRIAL', 'NEWLY_LISTED', 'VANISHED', 'MERGED', 'WITHHELD', 'REAPPEARED')
"""


def counted(events: Iterable[Event]) -> Counter[Event]:
    return Counter(
        (*event[:4], *(event[4:] if event[2].startswith(WITH_VALUES) else (None, None))) for event in events
    )


def test_events_of_nine_real_days_are_what_plain_python_finds(nine_days: Outcome) -> None:
    told = counted(nine_days.rows(TOLD))
    assert told == counted(expected_events(nine_days.days))
    suspended = {event[2]: event[4:] for event in told if event[0] == "NCT07011550"}
    assert suspended["STATUS_SUSPENDED"] == ("RECRUITING", "SUSPENDED")
    assert suspended["ENROLL_ACTUAL_SHORTFALL"] == ("40 ESTIMATED", "7 ACTUAL")
