"""`trialhouse run` as a person runs it: registry, Airflow's DAGs, dbt, gates, Slack, and a second time."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from trialhouse.local_registry.generated import GeneratedRegistry

SOURCE = GeneratedRegistry(size=80, days=14)
DAYS = SOURCE.days()[4:8]  # NCT07146087 moves to SUSPENDED on the second of them
BAD_DAY = DAYS[2]
STUBS = 21
COUNTS = re.compile(r"(\d+) records +(\d+) new +(\d+) returned +(\d+) changed +(\d+) vanished")


def write_days(folder: Path, days: list[date]) -> Path:
    """Days of the generated registry as files; on the bad day 21 records come without their status."""
    folder.mkdir(exist_ok=True)
    for day in days:
        studies = [SOURCE.study(day, nct_id) for nct_id in SOURCE.nct_ids(day)]
        lines = [study for study in studies if study]
        if day == BAD_DAY:
            lines[:STUBS] = [without_status(study) for study in lines[:STUBS]]
        (folder / f"{day}.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    return folder


def without_status(study: bytes) -> bytes:
    record = json.loads(study)
    del record["protocolSection"]["statusModule"]["overallStatus"]
    return json.dumps(record).encode()


def trialhouse(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    return subprocess.run(
        [sys.executable, "-m", "trialhouse.cli", *arguments],
        env={**environment, "TRIALHOUSE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def first_run(home: Path, tmp_path_factory: pytest.TempPathFactory) -> "subprocess.CompletedProcess[str]":
    folder = write_days(tmp_path_factory.mktemp("days"), DAYS)
    return trialhouse(home, "run", "--registry", str(folder))


@pytest.fixture(scope="module")
def second_run(
    first_run: "subprocess.CompletedProcess[str]", home: Path
) -> "subprocess.CompletedProcess[str]":
    return trialhouse(home, "run", "--registry", str(first_run.args[-1]))


def published_rows(home: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home / "warehouse" / "trials.duckdb"), read_only=True) as con:
        return con.execute(query).fetchall()


def messages(home: Path) -> list[dict[str, Any]]:
    lines = (home / "slack" / "slack_messages.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_a_held_day_is_told_and_the_other_days_are_published(
    first_run: "subprocess.CompletedProcess[str]", home: Path
) -> None:
    assert first_run.returncode == 9, first_run.stdout + first_run.stderr
    assert f"GateFailed: held: {BAD_DAY}" in first_run.stderr
    for part in (
        "at most 20 records of a day could not be loaded",
        "'quarantined_count': 21",
        "published file is untouched",
        "index.html",
    ):
        assert part in first_run.stdout
    days = published_rows(home, "select snapshot_date from marts.dim_snapshots order by all")
    assert [day for (day,) in days] == [day for day in DAYS if day != BAD_DAY]
    assert published_rows(home, "from marts.fct_quarantined_records") == []


def test_a_line_a_day_counts_what_the_registry_truly_did(
    first_run: "subprocess.CompletedProcess[str]",
) -> None:
    lines = {line[:10]: line for line in first_run.stdout.splitlines() if COUNTS.search(line)}
    assert list(lines) == [str(day) for day in DAYS]
    for before, day in pairwise(DAYS):
        found = COUNTS.search(lines[str(day)])
        assert found is not None
        records, new, returned, _, vanished = map(int, found.groups())
        now, then = set(SOURCE.nct_ids(day)), set(SOURCE.nct_ids(before))
        assert records == len(now)
        assert new + returned == len(now - then)
        assert vanished == len(then - now)


def test_the_end_shows_messages_file_and_queries_that_work(
    first_run: "subprocess.CompletedProcess[str]", home: Path
) -> None:
    news = published_rows(
        home,
        "select count(distinct (snapshot_date, nct_id)) from marts.fct_trial_events"
        " where severity in ('P1', 'P2') and (event_type = 'WHY_STOPPED_ADDED'"
        " or event_type[8:] in ('SUSPENDED', 'TERMINATED', 'WITHDRAWN', 'RESUMED', 'REVERTED'))",
    )
    texts = [message["text"] for message in messages(home)]
    assert f"Slack: {len(texts)} messages delivered in this run, 0 in earlier ones" in first_run.stdout
    assert sum("first seen between" in text for text in texts) == news[0][0]
    held = f"Held: {BAD_DAY} of the registry did not pass its gate; no change alerts were sent"
    assert texts.count(held) == 1
    assert any("0 events, data as of" in text for text in texts)
    assert str(home / "warehouse" / "trials.duckdb") in first_run.stdout
    queries = re.findall(r'trialhouse sql "(.+)"', first_run.stdout)
    assert len(queries) == 3
    for query in queries:
        assert trialhouse(home, "sql", query).returncode == 0


def test_a_second_run_changes_nothing(
    second_run: "subprocess.CompletedProcess[str]", first_run: "subprocess.CompletedProcess[str]", home: Path
) -> None:
    assert "Slack: 0 messages delivered in this run" in second_run.stdout
    lines = [COUNTS.findall(run.stdout) for run in (first_run, second_run)]
    assert lines[0] == lines[1]
    texts = [message["text"] for message in messages(home)]
    assert len(texts) == len(set(texts)) >= 1
    assert any("Suspended: NCT07146087" in text for text in texts)


def test_status_tells_what_is_held(second_run: "subprocess.CompletedProcess[str]", home: Path) -> None:
    answer = trialhouse(home, "status")
    assert answer.returncode == 0, answer.stderr
    assert re.search(rf"held +{BAD_DAY}\n", answer.stdout)
    assert re.search(rf"published +{DAYS[-1]} ", answer.stdout)
    assert "0 waiting" in answer.stdout
