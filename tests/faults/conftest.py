"""What the fault suite shares: small pages, short waits, and a home in which Monday has landed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builders import MONDAY, TUESDAY, home_of
from faults.registries import IDS_A_REQUEST, MODES, STUDIES_A_PAGE, TWO_DAYS, a_copy, contents
from trialhouse.sync import sync_day


@pytest.fixture(scope="package", autouse=True)
def _small_pages_and_short_waits() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trialhouse.download.PAGE_SIZE", STUDIES_A_PAGE)
        patch.setattr("trialhouse.day_reading.IDS_PER_REQUEST", IDS_A_REQUEST)
        patch.setattr("trialhouse.registry.LONGEST_WAIT_SECONDS", 0.02)
        yield


@pytest.fixture(scope="package")
def monday_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Monday, landed on a good day; each test lands Tuesday in a copy."""
    home = tmp_path_factory.mktemp("monday")
    with home_of(TWO_DAYS, home) as settings:
        sync_day(settings, MONDAY)
    return home


@pytest.fixture(scope="package")
def good_tuesday(monday_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the lake holds by mode when nothing goes wrong on Tuesday."""
    held = {}
    for mode in MODES:
        home = a_copy(monday_home, tmp_path_factory.mktemp("good") / mode)
        with home_of(TWO_DAYS, home, sync_mode=mode) as settings:
            sync_day(settings, TUESDAY)
            held[mode] = contents(settings)
    return held
