"""Clocks that run without a change of the record, of real trials, against their JSON by plain Python."""

from calendar import monthrange
from collections import Counter
from datetime import date, timedelta

from integration import oracle
from integration.conftest import Outcome
from integration.fdaaa_oracle import class_of, standing

OPEN = ("RECRUITING", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING")


def test_obligations_of_real_trials_are_what_the_specification_makes_of_them(broad: Outcome) -> None:
    today = max(broad.days)
    records = oracle.newest_records(broad.days)
    expected = {
        nct_id: (act, *standing(record, today))
        for nct_id, record in records.items()
        if (act := class_of(record)) is not None
    }
    rows = broad.rows(
        "select nct_id, act_class, due_on, days_late, obligation_status from marts.fct_results_obligations"
    )
    assert {nct_id: tuple(rest) for nct_id, *rest in rows} == expected
    classes = Counter(each[0] for each in expected.values())
    assert min(classes[name] for name in ("ACT", "PROBABLE_ACT", "POSSIBLE_ACT")) > 5
    assert {"OVERDUE", "ONGOING", "REPORTED", "REPORTED_LATE"} <= {each[3] for each in expected.values()}


def unknown_due_on(record: oracle.Record) -> date | None:
    """The end of the month two years after the last verification, or completion, whichever is later."""
    status = record["protocolSection"]["statusModule"]
    verified = oracle.last_day(status.get("statusVerifiedDate"))
    if status.get("overallStatus") not in OPEN or verified is None:
        return None
    unverified = date(verified.year + 2, verified.month, monthrange(verified.year + 2, verified.month)[1])
    completion = oracle.last_day(status.get("completionDateStruct", {}).get("date"))
    return max(unverified, completion or unverified)


def test_the_day_on_which_open_trials_turn_unknown(broad: Outcome) -> None:
    expected = {nct_id: unknown_due_on(each) for nct_id, each in oracle.newest_records(broad.days).items()}
    assert dict(broad.rows("select nct_id, unknown_due_on from marts.dim_trials")) == expected
    assert sum(day is not None for day in expected.values()) > 500


def test_the_flips_to_unknown_that_we_saw_were_due_within_a_month(nine_days: Outcome) -> None:
    """By the record of the day before the flip."""
    flips = nine_days.rows(
        "select nct_id, snapshot_date from marts.fct_trial_events where event_type = 'STATUS_UNKNOWN'"
    )
    assert len(flips) == 2
    for nct_id, flipped_on in flips:
        before = max(day for day in nine_days.days if day < flipped_on and nct_id in nine_days.days[day])
        ((due_on,),) = nine_days.rows(
            f"select unknown_due_on from trials_as_of('{before}') where nct_id = '{nct_id}'"
        )
        assert due_on == unknown_due_on(nine_days.days[before][nct_id])
        assert timedelta(0) < flipped_on - due_on <= timedelta(31)
