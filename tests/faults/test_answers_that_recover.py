"""Answers that break for a while: they are waited out or read again, and the day lands as if nothing was."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from builders import TUESDAY, home_of
from faults.answers import (
    NO_STATISTICS,
    READ_AGAIN,
    SPOILT_SKELETONS,
    WAITED_OUT,
    WAITED_OUT_BY_ID,
    WAITED_OUT_ELSEWHERE,
    named,
)
from faults.registries import MODES, TWO_DAYS, a_copy, contents, reasons, require_nothing_half_written
from trialhouse.local_registry.faults import Fault
from trialhouse.sync import sync_day


@pytest.fixture(autouse=True)
def _short_patience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "hang" in request.node.name:
        monkeypatch.setattr("trialhouse.registry.TIMEOUT", httpx.Timeout(0.5))


def require_waited_out(home: Path, mode: str, fault: Fault, good: dict[str, Any]) -> None:
    with home_of(TWO_DAYS, home, sync_mode=mode, faults=[fault]) as settings:
        assert sync_day(settings, TUESDAY).landed
        assert contents(settings) == good
        assert reasons(settings) == []
        require_nothing_half_written(settings)


@pytest.mark.parametrize("fault", WAITED_OUT, ids=named)
def test_a_listing_that_stumbles_is_waited_for(
    monday_home: Path, good_tuesday: dict[str, Any], tmp_path: Path, fault: Fault
) -> None:
    require_waited_out(a_copy(monday_home, tmp_path / "home"), "full", fault, good_tuesday["full"])


@pytest.mark.parametrize("fault", WAITED_OUT_BY_ID, ids=named)
def test_what_a_sweep_did_not_get_is_asked_for_again(
    monday_home: Path, good_tuesday: dict[str, Any], tmp_path: Path, fault: Fault
) -> None:
    require_waited_out(a_copy(monday_home, tmp_path / "home"), "sweep", fault, good_tuesday["sweep"])


@pytest.mark.parametrize("fault", SPOILT_SKELETONS, ids=named)
def test_a_sweep_that_tells_nothing_reads_every_record(
    monday_home: Path, good_tuesday: dict[str, Any], tmp_path: Path, fault: Fault
) -> None:
    home = a_copy(monday_home, tmp_path / "home")
    with home_of(TWO_DAYS, home, sync_mode="sweep", faults=[fault]) as settings:
        assert sync_day(settings, TUESDAY).quarantined == 0
        held = contents(settings)
        assert held.pop("manifests")[1]["read_count"] == 40
        assert held == {name: good_tuesday["full"][name] for name in held}
        require_nothing_half_written(settings)


@pytest.mark.parametrize("fault", WAITED_OUT_ELSEWHERE, ids=named)
def test_every_endpoint_is_waited_for(
    monday_home: Path, good_tuesday: dict[str, Any], tmp_path: Path, fault: Fault
) -> None:
    require_waited_out(a_copy(monday_home, tmp_path / "home"), "full", fault, good_tuesday["full"])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("fault", "reason"), READ_AGAIN, ids=named)
def test_a_reading_that_is_not_whole_is_kept_aside_and_made_again(
    monday_home: Path, good_tuesday: dict[str, Any], tmp_path: Path, mode: str, fault: Fault, reason: str
) -> None:
    home = a_copy(monday_home, tmp_path / "home")
    with home_of(TWO_DAYS, home, sync_mode=mode, faults=[fault]) as settings:
        assert sync_day(settings, TUESDAY).landed
        assert contents(settings) == good_tuesday[mode]
        (told,) = reasons(settings)
        assert reason in told
        require_nothing_half_written(settings)


@pytest.mark.parametrize("name", NO_STATISTICS)
def test_a_registry_without_statistics_lands_all_the_same(
    monday_home: Path, good_tuesday: dict[str, Any], tmp_path: Path, name: str
) -> None:
    home = a_copy(monday_home, tmp_path / "home")
    with home_of(TWO_DAYS, home, faults=[Fault(name, endpoint="stats")]) as settings:
        sync_day(settings, TUESDAY)
        held = contents(settings)
    assert held["manifests"][1].pop("registry_counts") == []
    good = good_tuesday["full"]["manifests"][1]
    assert held["manifests"][1] == {name: good[name] for name in held["manifests"][1]}
    assert held["presence"] == good_tuesday["full"]["presence"]
