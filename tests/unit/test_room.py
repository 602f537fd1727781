"""How long and how large a first load will be, and whether there is room for it."""

import errno
import logging
import shutil
from pathlib import Path
from types import SimpleNamespace

import duckdb
import psutil
import pytest

from builders import MONDAY, MadeUpRegistry, a_study, home_of
from trialhouse import duckdb_session
from trialhouse.duckdb_session import memory_limit
from trialhouse.errors import DiskFull, MemoryFull, SettingsInvalid
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.room import estimate_full_reading, shortage_is_told
from trialhouse.settings import load_settings
from trialhouse.sync import sync_day
from trialhouse.warehouse import build_marts

ONE_RECORD = MadeUpRegistry({MONDAY: [a_study()]})


def test_the_whole_registry_is_estimated_in_requests_minutes_and_bytes() -> None:
    estimate = estimate_full_reading(600_000, seconds_between_requests=1.0)
    assert estimate.requests == 600
    assert 10 < estimate.minutes < 60
    assert 10e9 < estimate.json_bytes < 11e9
    assert "600000 records: 600 requests, 10.5 GB of JSON" in str(estimate)


def test_a_first_load_says_beforehand_what_it_takes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with home_of(ONE_RECORD, tmp_path) as settings, caplog.at_level(logging.INFO):
        sync_day(settings, MONDAY)
    assert "first load of 1 records: 1 requests" in caplog.text


def test_too_little_room_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    with home_of(ONE_RECORD, tmp_path) as settings:
        with pytest.raises(DiskFull, match="make room"):
            sync_day(settings, MONDAY)
        assert not list(settings.lake.rglob("page-*"))


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        duckdb.IOException("Could not write file: No space left on device"),
    ],
)
def test_a_full_disk_is_one_error_whoever_notices_it(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(DiskFull, match="is full"), shortage_is_told(tmp_path):
        raise error


def test_too_little_memory_is_one_error_that_says_who_acts(tmp_path: Path) -> None:
    with (
        pytest.raises(MemoryFull, match="free some"),
        shortage_is_told(tmp_path),
        duckdb.connect(config={"memory_limit": "2MB", "temp_directory": ""}) as con,
    ):
        con.execute("create table t as select range::varchar as text from range(1000000)")


def test_a_build_that_runs_out_of_memory_leaves_what_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home_of(GeneratedRegistry(days=1), tmp_path) as settings:
        (day,) = GeneratedRegistry(days=1).days()
        sync_day(settings, day)
        monkeypatch.setattr(duckdb_session, "MOST_MEMORY_BYTES", 8_000_000)
        with pytest.raises(MemoryFull, match="run again"):
            build_marts(settings, day)
        assert not settings.build_receipt.exists()


@pytest.mark.parametrize(("free", "limit"), [(64e9, "4000MB"), (3e9, "1500MB")])
def test_duckdb_takes_half_of_the_free_memory_at_most(
    monkeypatch: pytest.MonkeyPatch, free: float, limit: str
) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=int(free)))
    assert memory_limit() == limit


def test_other_errors_pass_as_they_are(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), shortage_is_told(tmp_path):
        raise PermissionError(errno.EACCES, "no")


def test_the_real_registry_is_never_asked_more_than_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALHOUSE_REGISTRY_URL", "https://clinicaltrials.gov/api/v2")
    assert load_settings().seconds_between_requests == 1.0
    monkeypatch.setenv("TRIALHOUSE_SECONDS_BETWEEN_REQUESTS", "0.5")
    with pytest.raises(SettingsInvalid, match="at most once a second"):
        load_settings()
