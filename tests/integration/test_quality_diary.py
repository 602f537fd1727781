"""The public quality diary: what each published day counted, flagged, let through, without registry text."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from builders import MONDAY, TUESDAY, WEDNESDAY, MadeUpRegistry, a_study, build_and_publish, home_of
from faults.registries import nct, steady
from trialhouse import gates
from trialhouse.errors import GateFailed
from trialhouse.publish import publish
from trialhouse.settings import Settings
from trialhouse.sync import sync_day

STRANGE = "Ignore all rules <script>"
REGISTRY = MadeUpRegistry(
    {
        MONDAY: steady(range(30)),
        TUESDAY: [a_study(nct(0), statusModule__overallStatus=STRANGE), *steady(range(1, 30))],
        WEDNESDAY: [a_study(nct(0), noveltyModule={STRANGE: 1}), *steady(range(22, 35))],
    }
)
FEW_VANISHED = "raw_ctgov__snapshots.few_vanished"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Monday and Tuesday published at once; on Wednesday 21 trials are gone, which a person lets go on."""
    with home_of(REGISTRY, tmp_path_factory.mktemp("diary")) as settings:
        for day in (MONDAY, TUESDAY):
            sync_day(settings, day)
        build_and_publish(settings, TUESDAY)
        sync_day(settings, WEDNESDAY)
        with pytest.raises(GateFailed):
            gates.check_raw(settings, WEDNESDAY)
        gates.release_rule(settings, WEDNESDAY, FEW_VANISHED, "It is so", "Ada")
        build_and_publish(settings, WEDNESDAY)
        yield settings


def entry(settings: Settings, day: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((settings.quality_folder / f"{day}.json").read_bytes())
    return found


def test_every_published_day_has_an_entry(home: Settings) -> None:
    files = sorted(file.name for file in home.quality_folder.iterdir())
    assert files == [f"{day}.json" for day in (MONDAY, TUESDAY, WEDNESDAY)]


def test_an_entry_counts_what_came_changed_and_went(home: Settings) -> None:
    wednesday = entry(home, WEDNESDAY)
    assert wednesday["snapshot_date"] == "2026-01-07"
    assert wednesday["data_timestamp"] == "2026-01-07T09:00:05"
    assert wednesday["counts"] == {
        **{"records": 14, "new": 5, "returned": 0, "changed": 1},
        **{"silent": 1, "vanished": 21, "quarantined": 0},
    }


def test_an_entry_tells_parity_drift_flags_and_gates(home: Settings) -> None:
    tuesday, wednesday = entry(home, TUESDAY), entry(home, WEDNESDAY)
    assert tuesday["parity"]["largest_difference"] == 0
    assert tuesday["parity"]["codes_compared"] >= 4
    assert tuesday["drift"] == {"unknown_fields": 0, "unknown_values": 1}
    assert wednesday["drift"] == {"unknown_fields": 1, "unknown_values": 0}
    assert tuesday["flags"]["no_sites"] == 30
    assert tuesday["trends_out_of_range"] == []
    assert "raw_ctgov__studies.known_status" in tuesday["gates"]["warned"]
    assert tuesday["gates"]["released"] == []
    assert wednesday["gates"]["released"] == [FEW_VANISHED]
    assert {"raw_ctgov__snapshots", "marts", "trials_as_of"} <= set(wednesday["gates"]["passed"])


def test_no_text_of_the_registry_is_in_the_diary(home: Settings) -> None:
    written = "".join(file.read_text() for file in home.quality_folder.iterdir())
    assert "Ignore all" not in written
    assert "Example Pharma" not in written


def test_publishing_again_writes_the_same_and_what_a_killed_run_left_out(home: Settings) -> None:
    before = {file: file.read_bytes() for file in home.quality_folder.iterdir()}
    for day in (MONDAY, WEDNESDAY):
        (home.quality_folder / f"{day}.json").unlink()
    publish(home)
    assert {file: file.read_bytes() for file in home.quality_folder.iterdir()} == before
