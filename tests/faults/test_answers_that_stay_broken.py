"""Answers that stay broken: the run ends with the right error after a bounded time, and there is no day."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from builders import MONDAY, TUESDAY, home_of
from faults.answers import GIVEN_UP, GIVEN_UP_ELSEWHERE, NEVER_WHOLE, named
from faults.registries import (
    FOR_EVER,
    TWO_DAYS,
    a_copy,
    contents,
    files_of,
    reasons,
    require_nothing_half_written,
)
from trialhouse.errors import RegistryChanged, RegistryUnavailable, SnapshotIncomplete, TrialhouseError
from trialhouse.lake import Lake
from trialhouse.local_registry import faults as faults_module
from trialhouse.local_registry.broken_answers import Answer
from trialhouse.local_registry.faults import Fault
from trialhouse.pace import Pace
from trialhouse.registry import Registry
from trialhouse.settings import Settings
from trialhouse.sync import sync_day


@contextmanager
def require_no_day(home: Path, mode: str, fault: Fault) -> Iterator[Settings]:
    """The lake has not one new byte after the fault, whatever is waiting or thrown away beside it."""
    with home_of(TWO_DAYS, home, sync_mode=mode, faults=[fault]) as settings:
        before = files_of(settings)
        yield settings
        assert files_of(settings) == before
        assert Lake(settings.lake).days() == [MONDAY]


@pytest.mark.parametrize(
    ("fault", "error", "message"), GIVEN_UP + GIVEN_UP_ELSEWHERE + NEVER_WHOLE, ids=named
)
def test_a_full_reading_that_cannot_be_made_leaves_no_day(
    monday_home: Path, tmp_path: Path, fault: Fault, error: type[TrialhouseError], message: str
) -> None:
    home = a_copy(monday_home, tmp_path / "home")
    with require_no_day(home, "full", fault) as settings, pytest.raises(error, match=message):
        sync_day(settings, TUESDAY)


@pytest.mark.parametrize(("fault", "error", "message"), GIVEN_UP + NEVER_WHOLE[:1], ids=named)
def test_a_day_that_could_not_be_swept_lands_once_the_fault_is_gone(
    monday_home: Path,
    good_tuesday: dict[str, Any],
    tmp_path: Path,
    fault: Fault,
    error: type[TrialhouseError],
    message: str,
) -> None:
    home = a_copy(monday_home, tmp_path / "home")
    with require_no_day(home, "sweep", fault) as settings, pytest.raises(error, match=message):
        sync_day(settings, TUESDAY)
    with home_of(TWO_DAYS, home, sync_mode="sweep") as settings:
        assert sync_day(settings, TUESDAY).landed
        assert contents(settings) == good_tuesday["sweep"]
        require_nothing_half_written(settings)


def test_an_answer_nobody_understands_is_kept_whole(monday_home: Path, tmp_path: Path) -> None:
    home = a_copy(monday_home, tmp_path / "home")
    with home_of(TWO_DAYS, home, faults=[Fault("html", 3)]) as settings:
        with pytest.raises(RegistryChanged):
            sync_day(settings, TUESDAY)
        (answer,) = Lake(settings.lake).rejected.glob("*/answer.txt")
        assert "Down for maintenance" in answer.read_text()
        assert "a person must compare" in reasons(settings)[0]


def test_of_readings_that_never_end_well_the_newest_three_are_kept(monday_home: Path, tmp_path: Path) -> None:
    home = a_copy(monday_home, tmp_path / "home")
    with home_of(TWO_DAYS, home, faults=[Fault("wrong_total", 1, FOR_EVER)]) as settings:
        for _ in range(2):
            with pytest.raises(SnapshotIncomplete):
                sync_day(settings, TUESDAY)
        assert len(reasons(settings)) == 3
        assert len(list(Lake(settings.lake).rejected.iterdir())) == 3


# ---------- how long it waits


def requests_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses asked, as they are asked."""
    asked: list[str] = []
    ask_once = Registry._ask_once

    def counted(self: Registry, url: str, *more: Any) -> Any:
        asked.append(url)
        return ask_once(self, url, *more)

    monkeypatch.setattr(Registry, "_ask_once", counted)
    return asked


def test_trouble_that_stays_is_asked_for_six_times(
    monday_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = a_copy(monday_home, tmp_path / "home")
    asked = requests_made(monkeypatch)
    unavailable = Fault("http_503", 1, FOR_EVER)
    with require_no_day(home, "full", unavailable) as settings, pytest.raises(RegistryUnavailable):
        sync_day(settings, TUESDAY)
    assert [url.rpartition("/")[2] for url in asked] == ["version"] + 6 * ["studies"]


@pytest.mark.parametrize("name", ["http_429_retry_after", "http_429_retry_date"])
def test_a_registry_that_asks_for_a_long_rest_is_left_alone_at_once(
    monday_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    home = a_copy(monday_home, tmp_path / "home")
    monkeypatch.setattr("trialhouse.registry.LONGEST_RETRY_AFTER_SECONDS", 0.0)
    asked = requests_made(monkeypatch)
    with home_of(TWO_DAYS, home, faults=[Fault(name)]) as settings:
        before = files_of(settings)
        with pytest.raises(RegistryUnavailable, match="asks to come back in"):
            sync_day(settings, TUESDAY)
        assert len(asked) == 2
        assert files_of(settings) == before
        assert sync_day(settings, TUESDAY).landed


@pytest.mark.parametrize("words", ["soon", "-1", "1.5", "Tue, 06 Jan 2026 09:00:00 -0000", "\u00b2"])
def test_a_retry_after_nobody_can_read_is_no_reason_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    refusal = Answer(429, {"content-type": "text/plain", "retry-after": words}, b"Too Many Requests")
    monkeypatch.setitem(faults_module._ON_ANSWERS, "http_429", lambda *_: refusal)
    with (
        home_of(TWO_DAYS, tmp_path, faults=[Fault("http_429")]) as settings,
        Registry(settings.registry_url_of(TUESDAY), Pace(tmp_path / "pace", 0.0)) as registry,
    ):
        assert len(registry.studies({"pageSize": "8"}).studies) == 8


def test_empty_pages_without_end_are_no_reading_without_end(
    monday_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask_for_studies = Registry.studies

    def patiently(self: Registry, params: dict[str, str]) -> Any:
        asked.append("studies")
        if len(asked) > 100:
            pytest.fail("asked for 100 pages of 40 records and would go on")
        return ask_for_studies(self, params)

    monkeypatch.setattr(Registry, "studies", patiently)
    home = a_copy(monday_home, tmp_path / "home")
    endless = Fault("empty_page", 2, FOR_EVER)
    with require_no_day(home, "full", endless) as settings, pytest.raises(SnapshotIncomplete):
        sync_day(settings, TUESDAY)
