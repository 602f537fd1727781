"""How long and how large a first load will be, and whether there is room for it."""

import errno
import logging
import shutil
from pathlib import Path

import duckdb
import pytest

from builders import MONDAY, MadeUpRegistry, a_study, home_of
from trialhouse.errors import DiskFull, SettingsInvalid
from trialhouse.room import disk_full_is_told, estimate_full_reading
from trialhouse.settings import load_settings
from trialhouse.sync import sync_day

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
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))  # type: ignore[attr-defined]
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
    with pytest.raises(DiskFull, match="is full"), disk_full_is_told(tmp_path):
        raise error


def test_other_errors_pass_as_they_are(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), disk_full_is_told(tmp_path):
        raise PermissionError(errno.EACCES, "no")


def test_the_real_registry_is_never_asked_more_than_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALHOUSE_REGISTRY_URL", "https://clinicaltrials.gov/api/v2")
    assert load_settings().seconds_between_requests == 1.0
    monkeypatch.setenv("TRIALHOUSE_SECONDS_BETWEEN_REQUESTS", "0.5")
    with pytest.raises(SettingsInvalid, match="at most once a second"):
        load_settings()
