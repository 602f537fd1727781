"""What a build says of past days beside what the lake listed then: on three days, or nothing is published."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.trials_as_of import past_days
from landed_days import DAY, build, land, rows_of, write_marts
from trialhouse import gates
from trialhouse.errors import GateFailed
from trialhouse.settings import Settings, load_settings

# Of Great Expectations' own imports; everything else counts.
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")

PAST = [DAY - timedelta(days=number) for number in (3, 2, 1)]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    return load_settings()


def land_past(settings: Settings, day: date, rows: list[dict[str, Any]], previous: date | None) -> None:
    stamp = datetime(day.year, day.month, day.day, 9)
    land(settings, day, rows, previous_snapshot_date=previous, data_timestamp=stamp)


def build_that_says(settings: Settings, said: Iterable[tuple[date, str, str]]) -> None:
    """A build of three past days and today, whose view of the past is `said`."""
    for day, previous in zip(PAST, [None, *PAST], strict=False):
        land_past(settings, day, rows_of(3), previous)
    build(settings)
    write_marts(settings.build_file, days=(*PAST, DAY), trials=[row["nct_id"] for row in rows_of(3)])
    with duckdb.connect(settings.build_file) as con:
        con.execute("create table said (snapshot_date date, nct_id varchar, content_hash varchar)")
        con.executemany("insert into said values (?, ?, ?)", list(said))
        con.execute(
            "create macro trials_as_of(day) as table"
            " select nct_id, content_hash from said where snapshot_date = day"
        )


def truth() -> list[tuple[date, str, str]]:
    return [(day, row["nct_id"], row["content_hash"]) for day in PAST for row in rows_of(3)]


def told(settings: Settings) -> str:
    with pytest.raises(GateFailed) as failure:
        gates.check_marts(settings, DAY)
    return str(failure.value)


def test_a_trial_that_the_past_lacks_stops_the_build(settings: Settings) -> None:
    build_that_says(settings, truth()[:-1])
    assert f"{PAST[2]}: {{'missing_count': 1}}" in told(settings)


def test_a_trial_that_was_not_there_stops_the_build(settings: Settings) -> None:
    build_that_says(settings, [*truth(), (PAST[0], "NCT99999999", "hash")])
    assert f"{PAST[0]}: {{'added_count': 1}}" in told(settings)


def test_another_content_than_was_listed_stops_the_build(settings: Settings) -> None:
    day, nct_id, _ = truth()[0]
    build_that_says(settings, [(day, nct_id, "another"), *truth()[1:]])
    assert f"{PAST[0]}: {{'differing_count': 1}}" in told(settings)


def test_the_past_as_it_was_passes_this_gate(settings: Settings) -> None:
    build_that_says(settings, truth())
    assert "trials_as_of" not in told(settings)


def test_three_days_are_picked_and_every_run_of_a_day_picks_the_same() -> None:
    days = [DAY - timedelta(days=number) for number in range(1, 100)]
    picked = past_days(days, DAY)
    assert len(set(picked)) == 3
    assert picked == past_days(days[::-1], DAY)
    assert {day for number in range(60) for day in past_days(days, DAY + timedelta(days=number))} > set(
        picked
    )
    assert past_days([DAY, *PAST[:2]], DAY) == PAST[:2]
