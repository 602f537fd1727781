"""examples/five_questions.py: each question is answered or says why not; one is asked of the JSON too."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pytest

from builders import build_and_publish, home_of
from examples import five_questions
from integration import oracle
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.settings import PROJECT, Settings
from trialhouse.sync import sync_day

Days = dict[date, dict[str, oracle.Record]]

QUESTIONS = ("reasons", "pauses", "slips", "outcomes", "overdue")
# What an answer is made of, beside the days and the words for reasons that every file has.
KEPT = ("dim_snapshots", "dim_stop_reasons")


@dataclass(frozen=True, slots=True)
class Told:
    """What the example shows and the rows of each question."""

    texts: list[str]
    rows: dict[str, list[dict[str, Any]]]


def told() -> Told:
    outputs, defined = five_questions.app.run()
    rows = {name: defined[name].to_pylist() for name in QUESTIONS if name in defined}
    return Told([output.text for output in outputs if output is not None], rows)


@pytest.fixture(scope="module")
def ten_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Days]]:
    source = GeneratedRegistry(size=400, days=10)
    with home_of(source, tmp_path_factory.mktemp("five_questions")) as settings:
        for day in source.days():
            sync_day(settings, day)
        build_and_publish(settings, source.days()[-1])
        yield (
            settings,
            {
                day: {nct_id: json.loads(source.study(day, nct_id) or b"") for nct_id in source.nct_ids(day)}
                for day in source.days()
            },
        )


@pytest.fixture
def settings(ten_days: tuple[Settings, Days]) -> Settings:
    return ten_days[0]


def test_each_question_has_rows_or_says_why_not(settings: Settings) -> None:
    answered = told()
    assert set(answered.rows) == set(QUESTIONS)
    assert len([rows for rows in answered.rows.values() if rows]) >= 4
    introduction, *texts = answered.texts
    assert "10 days of the registry, 2026-11-09 to 2026-11-20" in introduction
    for number, (name, text) in enumerate(zip(QUESTIONS, texts, strict=True), start=1):
        assert f"{number}. " in text
        assert ("No rows." in text) == (answered.rows[name] == [])


def test_a_file_without_trials_gets_words_for_every_question(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    emptied = tmp_path / "warehouse" / "trials.duckdb"
    emptied.parent.mkdir()
    shutil.copyfile(settings.published_file, emptied)
    with duckdb.connect(str(emptied)) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall()
        for schema, table in tables:
            if table not in KEPT:
                con.execute(f"delete from {schema}.{table}")
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    answered = told()
    assert answered.rows == {name: [] for name in QUESTIONS}
    assert ["No rows." in text for text in answered.texts[1:]] == [True] * 5


def test_before_anything_is_published_it_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    answered = told()
    assert answered.rows == {}
    assert "make run" in "".join(answered.texts)


def test_it_becomes_a_page_without_a_browser(settings: Settings, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    command = [sys.executable, "-m", "marimo", "export", "html", five_questions.__file__, "-o", str(page)]
    environment = os.environ | {"MARIMO_SKIP_UPDATE_CHECK": "1", "PYTHONPATH": str(PROJECT / "include")}
    subprocess.run(command, check=True, capture_output=True, env=environment, timeout=300)
    text = page.read_text()
    assert "5. Whose results seem overdue?" in text
    assert "vega" in text


# ---------- question 3, asked of the JSON


def completion(record: oracle.Record) -> dict[str, str]:
    found: dict[str, str] = oracle.module(record, "statusModule").get("primaryCompletionDateStruct") or {}
    return found


def meant(text: str) -> tuple[str, str]:
    """First and last day that a date can mean."""
    return f"{text}-01-01"[:10], str(oracle.last_day(text))


def slip_of(was: dict[str, str], now: dict[str, str]) -> int:
    """Days by which a plan became later; 0 where it did not, or where one date lies within the other."""
    if was.get("type") != "ESTIMATED" or now.get("type") != "ESTIMATED":
        return 0
    (first, last), (new_first, new_last) = meant(was["date"]), meant(now["date"])
    is_within = (first <= new_first and new_last <= last) or (new_first <= first and last <= new_last)
    return 0 if is_within else max(0, (date.fromisoformat(new_last) - date.fromisoformat(last)).days)


def changes(days: Days) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Every change of a primary completion between two days that list its trial."""
    known: dict[str, dict[str, str]] = {}
    for _, records in sorted(days.items()):
        now = {nct_id: completion(record) for nct_id, record in records.items()}
        yield from ((i, known[i], now[i]) for i in now if i in known and known[i] != now[i])
        known |= now


def slips_by_class(days: Days) -> list[tuple[Any, ...]]:
    newest = oracle.newest_records(days)
    classes = {
        nct_id: oracle.module(record, "sponsorCollaboratorsModule")["leadSponsor"].get("class") or "not given"
        for nct_id, record in newest.items()
    }
    moved = list(changes(days))
    planned = {i for i, each in newest.items() if completion(each).get("type") == "ESTIMATED"}
    planned |= {nct_id for nct_id, _, _ in moved}
    slips = [(nct_id, slip) for nct_id, was, now in moved if (slip := slip_of(was, now))]
    assert len(slips) >= 5
    return sorted(
        (name, sum(classes[nct_id] == name for nct_id in planned), *measured(slips, classes, name))
        for name in {classes[nct_id] for nct_id in planned}
    )


def measured(slips: list[tuple[str, int]], classes: dict[str, str], name: str) -> tuple[Any, ...]:
    """Trials of a class that slipped, and the middle and the longest of their slips."""
    own = {nct_id for nct_id, _ in slips if classes[nct_id] == name}
    lengths = [slip for nct_id, slip in slips if nct_id in own]
    return len(own), median(lengths) if lengths else None, max(lengths, default=None)


def test_slips_by_class_of_sponsor_are_what_plain_python_finds(ten_days: tuple[Settings, Days]) -> None:
    columns = ("sponsor_class", "planned_count", "slipped_count", "median_slip_days", "longest_slip_days")
    rows = told().rows["slips"]
    assert sorted(tuple(row[name] for name in columns) for row in rows) == slips_by_class(ten_days[1])
