"""Damaged records: each meets its own fate, and no other record notices."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from builders import MONDAY, TUESDAY, WEDNESDAY, MadeUpRegistry, Record, a_study, home_of, with_status
from faults.damages import DAMAGES, LOADED, NAMELESS, SET_ASIDE, Damage, a_changed_study
from faults.registries import (
    MODES,
    departures,
    nct,
    presence,
    quarantine,
    require_nothing_half_written,
    steady,
    versions,
)
from trialhouse.download import read_lines
from trialhouse.lake import Lake
from trialhouse.landing import QUARANTINED_PAGE
from trialhouse.local_registry import server
from trialhouse.local_registry.projection import Projector, projector
from trialhouse.records import content_hash
from trialhouse.settings import Settings
from trialhouse.sync import sync_day

ID_OF = {damage.name: nct(number) for number, damage in enumerate(DAMAGES)}
SOUND = range(50, 60)


def a_mended_study(nct_id: str) -> Record:
    return with_status("COMPLETED", nct_id, statusModule__lastUpdateSubmitDate="2026-01-07")


def registry_with_damages() -> MadeUpRegistry:
    """Sound on Monday, damaged on Tuesday, mended on Wednesday."""
    registry = MadeUpRegistry(
        {
            MONDAY: [*steady(SOUND), *(a_study(nct_id) for nct_id in ID_OF.values())],
            TUESDAY: [*steady(SOUND), *map(a_changed_study, ID_OF.values())],
            WEDNESDAY: [*steady(SOUND), *map(a_mended_study, ID_OF.values())],
        }
    )
    for damage in DAMAGES:
        nct_id = ID_OF[damage.name]
        registry.bytes_by_day[TUESDAY][nct_id] = damage.done_to(a_changed_study(nct_id))
    return registry


REGISTRY = registry_with_damages()


def skeletons_of_whatever_can_be_read(fields: tuple[str, ...]) -> Projector:
    """The registry makes the rows of a sweep from its own tables, even those of records it then garbles."""
    project = projector(fields)

    def skeleton(record: bytes) -> bytes:
        try:
            if b'"NCT12"' not in record and record != b"{}":
                return project(record)
        except msgspec.DecodeError:
            pass
        found = re.search(rb"NCT9\d{7}", record)
        return project(json.dumps(a_changed_study(found[0].decode())).encode()) if found else b"{}"

    return skeleton


@pytest.fixture(scope="module", params=MODES)
def damaged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A home in which the damaged Tuesday has landed."""
    with (
        pytest.MonkeyPatch.context() as patch,
        home_of(REGISTRY, tmp_path_factory.mktemp("damaged"), sync_mode=request.param) as settings,
    ):
        patch.setattr(server, "projector", skeletons_of_whatever_can_be_read)
        for day in (MONDAY, TUESDAY):
            sync_day(settings, day)
        yield settings


@pytest.fixture(scope="module")
def mended(damaged: Settings) -> Settings:
    """The same home after Wednesday, on which every record is sound again."""
    sync_day(damaged, WEDNESDAY)
    return damaged


def hashes_of(settings: Settings, damage: Damage) -> list[str | None]:
    """The content known of the record on the sound and on the damaged day."""
    return [presence(settings, day)[ID_OF[damage.name]] for day in (MONDAY, TUESDAY)]


def set_aside(settings: Settings) -> dict[bytes, tuple[Any, ...]]:
    """Rows of the quarantine by the raw record they point to."""
    lines = read_lines(Lake(settings.lake).raw_folder(TUESDAY) / QUARANTINED_PAGE)
    return {lines[row[2] - 1]: row for row in quarantine(settings, TUESDAY)}


@pytest.mark.parametrize("damage", LOADED, ids=lambda damage: damage.name)
def test_what_can_be_loaded_is_loaded_as_it_came(damaged: Settings, damage: Damage) -> None:
    before, now = hashes_of(damaged, damage)
    assert now not in (None, before)
    raw = {version[0]: version[-1] for version in versions(Lake(damaged.lake), TUESDAY)}
    assert raw[ID_OF[damage.name]] == REGISTRY.study(TUESDAY, ID_OF[damage.name])


@pytest.mark.parametrize("damage", SET_ASIDE + NAMELESS, ids=lambda damage: damage.name)
def test_what_cannot_be_loaded_is_set_aside_under_its_id_and_its_last_content_stays(
    damaged: Settings, damage: Damage
) -> None:
    before, now = hashes_of(damaged, damage)
    assert now == before
    nct_id, reason, _ = set_aside(damaged)[REGISTRY.study(TUESDAY, ID_OF[damage.name]) or b""]
    assert nct_id == ID_OF[damage.name]
    assert damage.reason in reason


def test_every_raw_record_set_aside_has_one_row(damaged: Settings) -> None:
    rows = quarantine(damaged, TUESDAY)
    assert len(rows) == len(SET_ASIDE) + len(NAMELESS)
    assert Lake(damaged.lake).manifest(TUESDAY).quarantined_count == len(rows)


def test_nobody_is_gone_and_every_record_is_counted(damaged: Settings) -> None:
    manifest = Lake(damaged.lake).manifest(TUESDAY)
    assert presence(damaged, TUESDAY).keys() == presence(damaged, MONDAY).keys()
    assert departures(damaged, TUESDAY) == []
    assert (manifest.vanished_count, manifest.new_count) == (0, 0)
    assert manifest.total_count == manifest.studies_count == len(ID_OF) + len(SOUND)


def test_sound_records_do_not_notice(damaged: Settings) -> None:
    for number in SOUND:
        assert presence(damaged, TUESDAY)[nct(number)] == presence(damaged, MONDAY)[nct(number)]


def test_text_is_kept_to_the_last_letter_but_nul(damaged: Settings) -> None:
    long, with_nul = duckdb.sql(f"""
        select protocolSection.descriptionModule.briefSummary
        from '{Lake(damaged.lake).versions_file(TUESDAY)}'
        where nct_id in ('{ID_OF["2 MB record"]}', '{ID_OF["NUL in text"]}')
        order by length(protocolSection.descriptionModule.briefSummary) desc
    """).fetchall()
    assert len(long[0]) == 2_100_000
    assert with_nul[0] == "beforeafter"


def test_what_is_new_is_named_with_its_count(damaged: Settings) -> None:
    drift = {
        (each.kind, each.path.rpartition(".")[2], each.value, each.records_count, each.example_nct_id)
        for each in Lake(damaged.lake).manifest(TUESDAY).drift
    }
    assert drift == {
        ("unknown_field", "noveltyModule", None, 1, ID_OF["new field"]),
        ("unknown_value", "studyType", "EXPERIMENT", 1, ID_OF["new enum"]),
        ("unknown_value", "phases", "PHASE5", 1, ID_OF["new enum"]),
    }


def test_all_is_well_once_the_records_are_mended(mended: Settings) -> None:
    sound = REGISTRY.bytes_by_day[WEDNESDAY]
    assert presence(mended, WEDNESDAY) == {
        nct_id: content_hash(json.loads(body)) for nct_id, body in sound.items()
    }
    assert quarantine(mended, WEDNESDAY) == []
    assert departures(mended, WEDNESDAY) == []
    require_nothing_half_written(mended)


def test_a_new_record_nobody_can_read_waits_for_a_sound_day(tmp_path: Path) -> None:
    new = nct(99)
    days = {
        MONDAY: steady(SOUND),
        TUESDAY: [*steady(SOUND), a_study(new)],
        WEDNESDAY: [*steady(SOUND), a_study(new)],
    }
    registry = MadeUpRegistry(days)
    registry.bytes_by_day[TUESDAY][new] = NAMELESS[0].done_to(a_study(new))
    with home_of(registry, tmp_path) as settings:
        for day in registry.days():
            sync_day(settings, day)
        assert new not in presence(settings, TUESDAY)
        assert Lake(settings.lake).manifest(TUESDAY).unidentified_count == 1
        assert presence(settings, WEDNESDAY)[new] is not None
        require_nothing_half_written(settings)
