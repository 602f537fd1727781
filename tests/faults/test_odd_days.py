"""Days on which single trials went odd ways: each has its own events, and nobody else has any."""

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pytest

from builders import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Record,
    a_study,
    build_and_publish,
    home_of,
    with_status,
)
from faults.registries import POSTED_TUESDAY, LeavesOut, nct, steady
from trialhouse.raw_verdicts import held_days
from trialhouse.settings import Settings
from trialhouse.sync import sync_day

VANISHED, MERGED, WITHHELD, LEFT_OUT, BACK, DAMAGED, NEW_CODE, NEW_FIELD, TARGET = map(nct, range(1, 10))
SOUND = range(50, 90)


def changed(nct_id: str, **changes: Any) -> Record:
    return with_status("COMPLETED", nct_id, **POSTED_TUESDAY, **changes)


STAY = [
    changed(DAMAGED, designModule__enrollmentInfo=["not", "an", "object"]),
    with_status("HALTED", NEW_CODE, **POSTED_TUESDAY),
    changed(NEW_FIELD, noveltyModule={"isNovel": True}),
    a_study(TARGET),
    with_status("WITHHELD", WITHHELD),
    a_study(LEFT_OUT),
    *steady(SOUND),
]
REGISTRY = LeavesOut(
    {
        MONDAY: [*steady(range(1, 10)), *steady(SOUND)],
        TUESDAY: STAY,
        WEDNESDAY: [*STAY, a_study(BACK)],
    },
    {TUESDAY: (WITHHELD, LEFT_OUT), WEDNESDAY: (WITHHELD, LEFT_OUT)},
    aliases={MERGED: TARGET},
)


@pytest.fixture(scope="module")
def odd_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Three days, swept, judged, built and published."""
    with home_of(REGISTRY, tmp_path_factory.mktemp("odd_days"), sync_mode="sweep") as settings:
        for day in REGISTRY.days():
            sync_day(settings, day)
        build_and_publish(settings, WEDNESDAY)
        yield settings


def published(settings: Settings, query: str) -> Sequence[tuple[Any, ...]]:
    with duckdb.connect(str(settings.published_file), read_only=True) as con:
        return con.execute(query).fetchall()


def test_no_odd_day_is_held(odd_days: Settings) -> None:
    assert held_days(odd_days) == set()


@pytest.mark.parametrize(
    ("nct_id", "told"),
    [
        (VANISHED, [(TUESDAY, "VANISHED", None)]),
        (MERGED, [(TUESDAY, "MERGED", TARGET)]),
        (WITHHELD, [(TUESDAY, "WITHHELD", None)]),
        (LEFT_OUT, []),
        (BACK, [(TUESDAY, "VANISHED", None), (WEDNESDAY, "REAPPEARED", "RECRUITING")]),
        (DAMAGED, []),
        (NEW_CODE, [(TUESDAY, "STATUS_CHANGED", "HALTED")]),
        (NEW_FIELD, [(TUESDAY, "STATUS_CHANGED", "COMPLETED")]),
        (TARGET, []),
    ],
)
def test_each_trial_has_the_events_of_its_own_fate(
    odd_days: Settings, nct_id: str, told: list[tuple[Any, ...]]
) -> None:
    events = published(
        odd_days,
        "select snapshot_date, event_type, after_value from marts.fct_trial_events"
        f" where nct_id = '{nct_id}' order by 1",
    )
    assert events == told


def test_nobody_else_has_an_event(odd_days: Settings) -> None:
    assert published(odd_days, "select count(*) from marts.fct_trial_events") == [(7,)]


def test_who_is_gone_is_kept_with_the_last_record_and_the_reason(odd_days: Settings) -> None:
    trials = published(
        odd_days,
        """
        select nct_id, is_in_registry, overall_status, departure_type, departed_on, merged_into_nct_id
        from marts.dim_trials where departure_type is not null order by nct_id
        """,
    )
    assert trials == [
        (VANISHED, False, "RECRUITING", "VANISHED", TUESDAY, None),
        (MERGED, False, "RECRUITING", "MERGED", TUESDAY, TARGET),
        (WITHHELD, False, "RECRUITING", "WITHHELD", TUESDAY, None),
    ]
    assert published(odd_days, "select alias_nct_id, nct_id, merged_on from marts.bridge_nct_aliases") == [
        (MERGED, TARGET, TUESDAY)
    ]


def test_who_came_back_or_was_only_left_out_is_in_the_registry(odd_days: Settings) -> None:
    trials = published(
        odd_days,
        "select nct_id, is_in_registry, last_snapshot_date from marts.dim_trials"
        f" where nct_id in ('{LEFT_OUT}', '{BACK}') order by nct_id",
    )
    assert trials == [(LEFT_OUT, True, WEDNESDAY), (BACK, True, WEDNESDAY)]


def test_a_record_in_quarantine_shows_its_last_good_version(odd_days: Settings) -> None:
    trials = published(
        odd_days,
        "select nct_id, overall_status, enrollment_count from marts.dim_trials where is_quarantined",
    )
    assert trials == [(DAMAGED, "RECRUITING", 40)]
    rows = published(
        odd_days, "select snapshot_date, nct_id, reason from marts.fct_quarantined_records order by 1"
    )
    assert [row[:2] for row in rows] == [(TUESDAY, DAMAGED), (WEDNESDAY, DAMAGED)]
    assert all("got `array`" in row[2] for row in rows)


def test_new_fields_and_codes_are_told_with_their_counts(odd_days: Settings) -> None:
    drift = published(
        odd_days,
        """
        select snapshot_date, drift_kind, code, records_count, example_nct_id, is_first_sight
        from marts.fct_registry_drift order by 1, 2
        """,
    )
    assert drift[:2] == [
        (TUESDAY, "unknown_field", None, 1, NEW_FIELD, True),
        (TUESDAY, "unknown_value", "HALTED", 1, NEW_CODE, True),
    ]
    assert not any(is_first_sight for *_, is_first_sight in drift[2:])
