"""Events against what plain Python finds between the records."""

from integration.conftest import Outcome
from integration.events_oracle import OTHERS, TOLD, counted, expected_events, suspended_beside


def test_events_of_nine_real_days_are_what_plain_python_finds(nine_days: Outcome) -> None:
    told = counted(nine_days.rows(TOLD))
    assert told == counted(expected_events(nine_days.days))
    suspended = {event[2]: event[4:] for event in told if event[0] == "NCT07011550"}
    assert suspended["STATUS_SUSPENDED"] == ("RECRUITING", "SUSPENDED")
    assert suspended["ENROLL_ACTUAL_SHORTFALL"] == ("40 ESTIMATED", "7 ACTUAL")


def test_a_suspension_names_the_open_trials_of_its_sponsor_with_its_treatment(nine_days: Outcome) -> None:
    told = {(trial, day): others for trial, day, others in nine_days.rows(OTHERS)}
    assert told == suspended_beside(nine_days.days)
    assert told
