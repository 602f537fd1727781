"""A live registry only has its present: its stamp beside what has landed and beside our own clock."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from builders import MONDAY, TUESDAY, WEDNESDAY, MadeUpRegistry
from faults.registries import (
    FOR_EVER,
    TWO_DAYS,
    a_copy,
    files_of,
    live_home_of,
    reasons,
    require_nothing_half_written,
    steady,
)
from trialhouse.errors import RegistryChanged, RegistryUnavailable, SnapshotIncomplete, SnapshotMissed
from trialhouse.lake import Lake
from trialhouse.local_registry.faults import Fault
from trialhouse.sync import sync_day

PUBLISHED = datetime(2026, 1, 6, 9, 0, 5, tzinfo=UTC)
ONLY_MONDAY = MadeUpRegistry({MONDAY: steady(range(40))})


def clock_of(now: datetime) -> SimpleNamespace:
    return SimpleNamespace(now=now.astimezone, fromisoformat=datetime.fromisoformat)


@pytest.mark.parametrize("behind", [timedelta(hours=23), timedelta(days=-400)])
def test_a_clock_that_is_wrong_by_hours_or_far_ahead_keeps_no_day_from_landing(
    monday_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behind: timedelta
) -> None:
    monkeypatch.setattr("trialhouse.sync.datetime", clock_of(PUBLISHED - behind))
    with live_home_of(TWO_DAYS, a_copy(monday_home, tmp_path / "home")) as settings:
        assert sync_day(settings, None).snapshot_date == TUESDAY
        require_nothing_half_written(settings)


def test_a_stamp_more_than_a_day_ahead_is_for_a_person(
    monday_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trialhouse.sync.datetime", clock_of(PUBLISHED - timedelta(hours=25)))
    with live_home_of(TWO_DAYS, a_copy(monday_home, tmp_path / "home")) as settings:
        before = files_of(settings)
        with pytest.raises(RegistryChanged, match="which is yet to come"):
            sync_day(settings, None)
        assert files_of(settings) == before


def test_a_retry_date_read_by_a_slow_clock_does_not_hold_a_run_for_days(
    monday_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trialhouse.registry.datetime", clock_of(datetime.now(UTC) - timedelta(days=1)))
    home = a_copy(monday_home, tmp_path / "home")
    with live_home_of(TWO_DAYS, home, faults=[Fault("http_429_retry_date")]) as settings:
        with pytest.raises(RegistryUnavailable, match=r"asks to come back in 86[45]\d\d s"):
            sync_day(settings, None)
        assert sync_day(settings, None).landed


def test_an_older_copy_than_what_has_landed_is_no_new_day(monday_home: Path, tmp_path: Path) -> None:
    home = a_copy(monday_home, tmp_path / "home")
    with live_home_of(TWO_DAYS, home) as settings:
        sync_day(settings, None)
    with live_home_of(ONLY_MONDAY, home) as settings:
        before = files_of(settings)
        for wanted in (None, TUESDAY, WEDNESDAY):
            with pytest.raises(SnapshotIncomplete, match="old copy: 2026-01-06 09:00:05 has landed already"):
                sync_day(settings, wanted)
        assert files_of(settings) == before
        assert Lake(settings.lake).days() == [MONDAY, TUESDAY]


def test_a_live_registry_that_falls_back_while_it_is_read_leaves_no_day(
    monday_home: Path, tmp_path: Path
) -> None:
    home = a_copy(monday_home, tmp_path / "home")
    falls_back = Fault("version_goes_back", 2, FOR_EVER)
    with live_home_of(TWO_DAYS, home, sync_mode="sweep", faults=[falls_back]) as settings:
        before = files_of(settings)
        with pytest.raises(SnapshotIncomplete, match="an old copy"):
            sync_day(settings, None)
        assert files_of(settings) == before
        assert "moved from 2026-01-06 09:00:05 to 2025-12-30 09:00:05" in reasons(settings)[0]


def test_a_live_registry_that_moves_on_lands_as_what_it_became(monday_home: Path, tmp_path: Path) -> None:
    home = a_copy(monday_home, tmp_path / "home")
    moves = Fault("version_moves", 2, FOR_EVER)
    with live_home_of(TWO_DAYS, home, sync_mode="sweep", faults=[moves]) as settings:
        assert sync_day(settings, None).landed
        manifest = Lake(settings.lake).manifest(TUESDAY)
        assert manifest.data_timestamp == manifest.data_timestamp_after == datetime(2026, 1, 6, 10, 0, 5)
        require_nothing_half_written(settings)


def test_a_day_a_live_registry_has_left_behind_is_missed(monday_home: Path, tmp_path: Path) -> None:
    with live_home_of(TWO_DAYS, a_copy(monday_home, tmp_path / "home")) as settings:
        before = files_of(settings)
        with pytest.raises(SnapshotMissed, match="2026-01-04 stays missing"):
            sync_day(settings, date(2026, 1, 4))
        assert files_of(settings) == before
