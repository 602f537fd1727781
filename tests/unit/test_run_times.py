"""How long each step took: a line a try, whole even when many write at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from builders import TUESDAY
from trialhouse.run_times import StepRun, note_step
from trialhouse.settings import Settings, load_settings

STEP = StepRun(TUESDAY, "ctgov_build", "build_marts", datetime(2026, 11, 17, 15, tzinfo=UTC), 61.5, "success")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    return load_settings()


def lines(folder: Path) -> dict[str, list[dict[str, object]]]:
    files = sorted(folder.glob("*"))
    return {file.name: [json.loads(line) for line in file.read_text().splitlines()] for file in files}


def test_a_step_is_a_line_in_the_file_of_the_month_it_began(settings: Settings) -> None:
    note_step(settings, STEP)
    note_step(settings, replace(STEP, started_at=datetime(2026, 12, 1, tzinfo=UTC), snapshot_date=None))
    found = lines(settings.runs_folder)
    assert list(found) == ["2026-11.jsonl", "2026-12.jsonl"]
    assert found["2026-11.jsonl"] == [
        {
            "snapshot_date": TUESDAY.isoformat(),
            "pipeline": "ctgov_build",
            "step": "build_marts",
            "started_at": "2026-11-17T15:00:00+00:00",
            "seconds": 61.5,
            "outcome": "success",
        }
    ]
    assert found["2026-12.jsonl"][0]["snapshot_date"] is None


def test_lines_of_many_writers_do_not_mix(settings: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: note_step(settings, replace(STEP, seconds=float(number))), range(200)))
    written = [line["seconds"] for line in lines(settings.runs_folder)["2026-11.jsonl"]]
    assert sorted(map(str, written)) == sorted(map(str, map(float, range(200))))
