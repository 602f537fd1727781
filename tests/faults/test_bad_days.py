"""Days on which the registry itself was wrong: held, told to nobody, and forgotten by the next good day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builders import MONDAY, TUESDAY, WEDNESDAY, MadeUpRegistry, build_and_publish, home_of, with_status
from faults.registries import FOR_EVER, LeavesOut, nct, presence, steady
from trialhouse import gates
from trialhouse.errors import BuildFailed, GateFailed
from trialhouse.local_registry import server
from trialhouse.local_registry.faults import Fault
from trialhouse.local_registry.source import StudySource
from trialhouse.local_registry.value_counts import value_counts
from trialhouse.raw_verdicts import held_days
from trialhouse.settings import Settings
from trialhouse.sync import sync_day
from trialhouse.warehouse import build_marts

THURSDAY, FRIDAY, SATURDAY = (date(2026, 1, number) for number in (8, 9, 10))
STOPPED, GONE = nct(1), nct(2)


@dataclass(frozen=True, slots=True)
class BadDay:
    """A day, the faults of its listing, and the rule it breaks."""

    name: str
    day: date
    rule: str
    faults: tuple[Fault, ...] = ()


BAD_DAYS = [
    BadDay("mass vanish", TUESDAY, "at most 20 records vanished"),
    BadDay("mass-null field", WEDNESDAY, "no field vanished", (Fault("null_field", 1, FOR_EVER),)),
    BadDay("stub pages", THURSDAY, "at most 20 records of a day", (Fault("stub_records", 1, FOR_EVER),)),
    BadDay("wrong statistics", FRIDAY, "our counts are the registry's own"),
]
REGISTRY = MadeUpRegistry(
    {
        TUESDAY: steady(range(30, 60)),
        **{day: steady(range(60)) for day in (MONDAY, WEDNESDAY, THURSDAY, FRIDAY)},
        SATURDAY: [with_status("SUSPENDED", STOPPED), *steady([0, *range(3, 60)])],
    }
)


def counts_wrong_on_friday(source: StudySource, day: date) -> Mapping[str, dict[str, Any]]:
    counts = value_counts(source, day)
    if day == FRIDAY:
        counts["OverallStatus"]["topValues"][0]["studiesCount"] += 1
    return counts


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bad day left: the gate's words, whether a build took it in, and the published bytes."""

    told: str
    refusal: str
    published: bytes


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bad_days")


@pytest.fixture(scope="module")
def good_monday(home: Path) -> bytes:
    """The published file of a good day."""
    with home_of(REGISTRY, home) as settings:
        sync_day(settings, MONDAY)
        build_and_publish(settings, MONDAY)
        return settings.published_file.read_bytes()


@pytest.fixture(scope="module")
def outcomes(home: Path, good_monday: bytes) -> dict[str, Outcome]:
    return {bad.name: outcome_of(bad, home) for bad in BAD_DAYS}


def outcome_of(bad: BadDay, home: Path) -> Outcome:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "value_counts", counts_wrong_on_friday)
        with home_of(REGISTRY, home, faults=bad.faults) as settings:
            sync_day(settings, bad.day)
            with pytest.raises(GateFailed) as told:
                gates.check_raw(settings, bad.day)
            with pytest.raises(BuildFailed) as refusal:
                build_marts(settings, bad.day)
            return Outcome(str(told.value), str(refusal.value), settings.published_file.read_bytes())


@pytest.fixture(scope="module")
def good_saturday(home: Path, outcomes: dict[str, Outcome]) -> Iterator[Settings]:
    """The good day after all of them, published."""
    with home_of(REGISTRY, home) as settings:
        sync_day(settings, SATURDAY)
        build_and_publish(settings, SATURDAY)
        yield settings


def published(settings: Settings, query: str) -> Sequence[tuple[Any, ...]]:
    with duckdb.connect(str(settings.published_file), read_only=True) as con:
        return con.execute(query).fetchall()


@pytest.mark.parametrize("bad", BAD_DAYS, ids=lambda bad: bad.name)
def test_a_bad_day_is_held_and_published_by_nobody(
    good_monday: bytes, outcomes: dict[str, Outcome], bad: BadDay
) -> None:
    outcome = outcomes[bad.name]
    assert bad.rule in outcome.told
    assert "a gate holds it" in outcome.refusal
    assert outcome.published == good_monday


def test_the_next_good_day_tells_only_what_is_true(good_saturday: Settings) -> None:
    assert held_days(good_saturday) == {bad.day for bad in BAD_DAYS}
    events = "select snapshot_date, nct_id, event_type from marts.fct_trial_events order by nct_id"
    assert published(good_saturday, events) == [
        (SATURDAY, STOPPED, "STATUS_SUSPENDED"),
        (SATURDAY, GONE, "VANISHED"),
    ]


def test_nothing_of_the_bad_days_is_published(good_saturday: Settings) -> None:
    assert published(good_saturday, "select snapshot_date from marts.dim_snapshots order by 1") == [
        (MONDAY,),
        (SATURDAY,),
    ]
    assert published(good_saturday, "select count(*) from marts.fct_quarantined_records") == [(0,)]
    assert published(good_saturday, "select count(*) from marts.dim_trials where study_type is null") == [
        (0,)
    ]


def test_no_record_is_lost_over_the_bad_days(good_saturday: Settings) -> None:
    listed = presence(good_saturday, SATURDAY)
    assert len(listed) == 59
    unchanged = listed.items() - {(STOPPED, listed[STOPPED])}
    assert unchanged <= presence(good_saturday, MONDAY).items()


def test_one_record_left_out_of_a_sound_listing_holds_no_day(tmp_path: Path) -> None:
    registry = LeavesOut({day: steady(range(60)) for day in (MONDAY, TUESDAY)}, {TUESDAY: [STOPPED]})
    with home_of(registry, tmp_path) as settings:
        for day in registry.days():
            sync_day(settings, day)
        gates.check_raw(settings, TUESDAY)
        assert held_days(settings) == set()
