"""Each corruption between registry and reader is stopped where it should be, and leaves nothing behind it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from builders import MadeUpRegistry, build_and_publish, home_of, rows_of
from faults.registries import a_copy, quarantine
from integration.corruptions import (
    CORRUPTED_DAY,
    FLAGGED,
    GOOD_DAY,
    GOOD_NEXT_DAY,
    HELD,
    HUGE_TITLE,
    ID_OF,
    LET_THROUGH,
    RECORDS,
    REFUSED,
    ROW_FLAGGED,
    SET_ASIDE,
    Edit,
    Held,
    LetThrough,
    Refused,
    corrupted_day,
    let_through,
)
from trialhouse import gates
from trialhouse.alerts import alert_day
from trialhouse.errors import BuildFailed, GateFailed, TrialhouseError
from trialhouse.judging import stored_verdicts
from trialhouse.lake import Lake
from trialhouse.local_registry import server
from trialhouse.local_registry.descriptions import enums
from trialhouse.local_registry.faults import Fault
from trialhouse.local_registry.value_counts import value_counts
from trialhouse.settings import Settings
from trialhouse.sync import sync_day
from trialhouse.warehouse import build_marts


@pytest.fixture(scope="module", autouse=True)
def _small_pages_and_short_waits() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trialhouse.download.PAGE_SIZE", 40)
        patch.setattr("trialhouse.day_reading.IDS_PER_REQUEST", 40)
        patch.setattr("trialhouse.registry.LONGEST_WAIT_SECONDS", 0.02)
        yield


def registry_of(*edits: Edit) -> MadeUpRegistry:
    """Two good days, and a third as the edits leave it."""
    good = {day: list(RECORDS[day].values()) for day in (GOOD_DAY, GOOD_NEXT_DAY)}
    return MadeUpRegistry(good | {CORRUPTED_DAY: corrupted_day(edits)})


@pytest.fixture(scope="module")
def good_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two good days, published."""
    home = tmp_path_factory.mktemp("good")
    with home_of(registry_of(), home) as settings:
        for day in (GOOD_DAY, GOOD_NEXT_DAY):
            sync_day(settings, day)
        build_and_publish(settings, GOOD_NEXT_DAY)
    return home


@contextmanager
def nothing_gets_out(
    good_home: Path, home: Path, edits: Sequence[Edit] = (), faults: Sequence[Fault] = (), mode: str = "full"
) -> Iterator[Settings]:
    """A copy of the good home; afterwards no build has the day, nobody is told, readers see what they saw."""
    with home_of(registry_of(*edits), a_copy(good_home, home), sync_mode=mode, faults=faults) as settings:
        published = settings.published_file.read_bytes()
        yield settings
        with pytest.raises(BuildFailed, match=f"{CORRUPTED_DAY} has not landed"):
            build_marts(settings, CORRUPTED_DAY)
        with pytest.raises(TrialhouseError, match=f"{CORRUPTED_DAY} is not in"):
            alert_day(settings, CORRUPTED_DAY)
        assert settings.published_file.read_bytes() == published
        assert not (settings.home / "outbox.sqlite").exists()


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_what_is_no_whole_day_is_refused_by_the_sync(
    good_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Refused
) -> None:
    if case.patch:
        name, made = case.patch
        monkeypatch.setattr(server._Registry, name, made(getattr(server._Registry, name)))
    with nothing_gets_out(good_home, tmp_path / "home", (), case.faults, case.sync_mode) as settings:
        with pytest.raises(case.error, match=case.says):
            sync_day(settings, CORRUPTED_DAY)
        assert Lake(settings.lake).days() == [GOOD_DAY, GOOD_NEXT_DAY]


@pytest.mark.parametrize("case", HELD, ids=lambda case: case.name)
def test_what_no_registry_does_in_a_day_is_held_by_the_gate(
    good_home: Path, tmp_path: Path, case: Held
) -> None:
    with nothing_gets_out(good_home, tmp_path / "home", [case.edit]) as settings:
        sync_day(settings, CORRUPTED_DAY)
        with pytest.raises(GateFailed):
            gates.check_raw(settings, CORRUPTED_DAY)
        verdicts = stored_verdicts(settings, CORRUPTED_DAY)
        assert {each.name_of(rule) for each in verdicts for rule in each.broken_rules} == case.rules


def test_statistics_that_are_not_those_of_the_records_hold_the_day(
    good_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*asked: Any) -> dict[str, dict[str, Any]]:
        counts = value_counts(*asked)
        counts["StudyType"]["topValues"][0]["studiesCount"] -= 1
        return counts

    monkeypatch.setattr(server, "value_counts", wrong)
    with nothing_gets_out(good_home, tmp_path / "home") as settings:
        sync_day(settings, CORRUPTED_DAY)
        with pytest.raises(GateFailed, match=r"raw_ctgov__counts\.counts_agree"):
            gates.check_raw(settings, CORRUPTED_DAY)


def test_a_contract_that_changed_holds_the_day(
    good_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "enums", lambda: [*enums(), {"type": "Mood", "values": [{"value": "GOOD"}]}])
    with nothing_gets_out(good_home, tmp_path / "home") as settings:
        sync_day(settings, CORRUPTED_DAY)
        with pytest.raises(GateFailed, match=r"enums, Mood\.GOOD: \{'change': 'came'\}"):
            gates.check_raw(settings, CORRUPTED_DAY)


def test_a_file_that_rots_after_landing_holds_the_day(good_home: Path, tmp_path: Path) -> None:
    with nothing_gets_out(good_home, tmp_path / "home") as settings:
        sync_day(settings, CORRUPTED_DAY)
        raw_page = next(Lake(settings.lake).raw_folder(CORRUPTED_DAY).iterdir())
        raw_page.write_bytes(raw_page.read_bytes()[:-1])
        with pytest.raises(GateFailed, match=r"raw_ctgov__snapshots\.files_as_landed"):
            gates.check_raw(settings, CORRUPTED_DAY)


def test_a_day_that_comes_again_lands_nothing(good_home: Path, tmp_path: Path) -> None:
    with nothing_gets_out(good_home, tmp_path / "home") as settings:
        assert not sync_day(settings, GOOD_NEXT_DAY).landed
        assert Lake(settings.lake).days() == [GOOD_DAY, GOOD_NEXT_DAY]


# ---------- let through


@pytest.fixture(scope="module")
def flagged_home(good_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A day with all that is let through, published."""
    home = a_copy(good_home, tmp_path_factory.mktemp("flagged") / "home")
    with home_of(registry_of(let_through), home) as settings:
        sync_day(settings, CORRUPTED_DAY)
        build_and_publish(settings, CORRUPTED_DAY)
        yield settings


@pytest.mark.parametrize("case", SET_ASIDE, ids=lambda case: case.name)
def test_a_record_that_cannot_be_loaded_is_set_aside(flagged_home: Settings, case: LetThrough) -> None:
    reasons = {nct_id: reason for nct_id, reason, _ in quarantine(flagged_home, CORRUPTED_DAY)}
    assert reasons.keys() == {ID_OF[each.name] for each in SET_ASIDE}
    assert case.says in reasons[ID_OF[case.name]]
    events = "select count(*) from marts.fct_trial_events where nct_id = ? and snapshot_date = ?"
    assert rows_of(flagged_home, events, ID_OF[case.name], CORRUPTED_DAY) == [(0,)]


@pytest.mark.parametrize("case", FLAGGED, ids=lambda case: case.name)
def test_what_is_new_to_us_flags_the_day(flagged_home: Settings, case: LetThrough) -> None:
    drift = "select path, example_nct_id from marts.fct_registry_drift where snapshot_date = ?"
    assert (case.says, ID_OF[case.name]) in rows_of(flagged_home, drift, CORRUPTED_DAY)
    verdicts = stored_verdicts(flagged_home, CORRUPTED_DAY)
    flags = {each.name_of(rule) for each in verdicts for rule in each.raised_flags}
    assert flags >= {"raw_ctgov__snapshots.no_drift_count", "raw_ctgov__studies.known_status"}


@pytest.mark.parametrize("case", ROW_FLAGGED, ids=lambda case: case.name)
def test_a_record_that_contradicts_itself_is_flagged(flagged_home: Settings, case: LetThrough) -> None:
    flags = "select since from marts.fct_quality_flags where nct_id = ? and rule = ?"
    assert rows_of(flagged_home, flags, ID_OF[case.name], case.says) == [(CORRUPTED_DAY,)]


def test_a_huge_title_is_taken_in_as_it_is(flagged_home: Settings) -> None:
    title = "select official_title from marts.dim_trials where nct_id = ?"
    ((found,),) = rows_of(flagged_home, title, ID_OF[HUGE_TITLE.name])
    assert found.strip() == (HUGE_TITLE.says * 10_000).strip()


def test_at_least_twenty_corruptions_are_told_apart() -> None:
    names = {
        *(case.name for case in REFUSED),
        *(case.name for case in HELD),
        *(case.name for case in LET_THROUGH),
    }
    assert len(names) >= 20
