"""Through the whole landing: typed texts are plain, raw bytes and hashes are those of what was sent."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
import zstandard

from builders import MONDAY, TUESDAY, MadeUpRegistry, Record, a_study, home_of
from faults.registries import MODES, presence, require_nothing_half_written, versions
from integration.test_history_home import Home, a_home
from trialhouse.lake import Lake
from trialhouse.presence import described_presence
from trialhouse.records import content_hash
from trialhouse.sync import sync_day

APART, TOGETHER = "Cafe\u0301 for all", "Café for all"
WITH_NUL, WITHOUT_NUL = "before\0after", "beforeafter"

home = pytest.fixture(a_home)


def an_odd_study(nct_id: str, **changes: Any) -> Record:
    return a_study(
        nct_id,
        identificationModule__briefTitle=APART,
        descriptionModule__briefSummary=WITH_NUL,
        conditionsModule__conditions=[APART, "Plain"],
        **changes,
    )


REGISTRY = MadeUpRegistry(
    {
        MONDAY: [an_odd_study("NCT90000001"), a_study("NCT90000002")],
        TUESDAY: [an_odd_study("NCT90000001"), a_study("NCT90000002"), an_odd_study("NCT90000003")],
    }
)


@pytest.mark.parametrize("mode", MODES)
def test_a_landed_day_is_plain_and_its_raw_records_are_not_touched(tmp_path: Path, mode: str) -> None:
    with home_of(REGISTRY, tmp_path, sync_mode=mode) as settings:
        for day in REGISTRY.days():
            sync_day(settings, day)
        lake = Lake(settings.lake)
        titles = "protocolSection.identificationModule.briefTitle, protocolSection.descriptionModule"
        odd = duckdb.sql(f"""
            select {titles}.briefSummary, protocolSection.conditionsModule.conditions
            from '{lake.root}/versions/*/*.parquet' where nct_id <> 'NCT90000002'
        """).fetchall()
        assert odd == [(TOGETHER, WITHOUT_NUL, [TOGETHER, "Plain"])] * 2
        for day in REGISTRY.days():
            for nct_id, known_hash, *_, raw in versions(lake, day):
                assert raw == REGISTRY.study(day, nct_id)
                assert known_hash == content_hash(json.loads(raw)) == presence(settings, day)[nct_id]
        require_nothing_half_written(settings)


def test_a_text_that_is_not_plain_is_no_change_to_the_sweep(tmp_path: Path) -> None:
    with home_of(REGISTRY, tmp_path, sync_mode="sweep") as settings:
        for day in REGISTRY.days():
            sync_day(settings, day)
        manifest = Lake(settings.lake).manifest(TUESDAY)
        listed = described_presence(Lake(settings.lake), TUESDAY)
        titles = duckdb.sql(f"select brief_title from ({listed}) where nct_id <> 'NCT90000002'").fetchall()
    assert titles == [(TOGETHER,)] * 2
    assert (manifest.new_count, manifest.changed_count) == (1, 0)
    assert manifest.read_count - manifest.reread_count == 1


def test_past_versions_are_plain_and_their_answers_are_not_touched(home: Home) -> None:
    past = an_odd_study("NCT90000001")
    line = {"version": 0, "date": "2020-01-01", "status": "RECRUITING", "moduleLabels": []}
    home.add("NCT90000001", [line], [past])
    home.land_day(past)
    home.backfill()
    columns = (
        "protocolSection.identificationModule.briefTitle, protocolSection.descriptionModule.briefSummary,"
        " protocolSection.conditionsModule.conditions, content_hash"
    )
    assert home.landed("versions", columns) == [
        (TOGETHER, WITHOUT_NUL, [TOGETHER, "Plain"], content_hash(past))
    ]
    [answers] = home.store.files("answers.jsonl.zst")
    assert home.answers["NCT90000001/history/0"] in zstandard.decompress(answers.read_bytes(), 1 << 20)
