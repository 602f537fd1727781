"""Two days through a real scheduler: services start, days flow from DAG to DAG, a run of a day that never
landed ends as failed although the data team is told last, nothing is left running."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import psutil
import pytest

from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.server import running
from trialhouse.settings import PROJECT
from trialhouse.slack_stand_in import running_slack

DAGS = ("ctgov_ingest", "ctgov_build", "ctgov_alert")
SECONDS_TO_START = 180
SECONDS_TO_FLOW = 420
SECONDS_TO_STOP = 30
NEVER_LANDED = "2031-01-06"
ENDED = ("success", "failed")
START = "from trialhouse.airflow_services import airflow_up; from trialhouse.settings import load_settings; "


@dataclass(frozen=True, slots=True)
class Airflow:
    """The running services, asked through their public API."""

    address: str
    token: str
    pid: int

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        return ask(f"{self.address}/api/v2{path}", body, method, self.token)

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask(f"/dags/{dag_id}/dagRuns?order_by=run_after")["dag_runs"]
        return found

    def trigger(self, dag_id: str, partition_key: str) -> None:
        self.ask(f"/dags/{dag_id}/dagRuns", {"logical_date": None, "partition_key": partition_key})


def ask(url: str, body: Any = None, method: str | None = None, token: str = "") -> Any:
    """One JSON question to the API."""
    request = urllib.request.Request(
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def airflow_running(home: Path, registry: str, slack: str) -> Iterator[Airflow]:
    """`airflow_up` in a process of its own, ended as Ctrl-C in a terminal would end it."""
    port = free_port()
    connection = {"conn_type": "slackwebhook", "host": f"{slack}/services", "password": "T0/B0/made-up"}
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(
            [*os.environ.get("PYTHONPATH", "").split(os.pathsep), str(PROJECT / "include")]
        ),
        "TRIALHOUSE_HOME": str(home),
        "TRIALHOUSE_REGISTRY_URL": registry + "/days/{snapshot_date}/api/v2",
        "AIRFLOW_CONN_TRIALHOUSE_SLACK": json.dumps(connection),
    }
    command = [sys.executable, "-c", f"{START}airflow_up(load_settings(), {port})"]
    with (home / "airflow_up.log").open("w") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: "is up" in (home / "airflow_up.log").read_text(), SECONDS_TO_START, process)
        yield Airflow(f"http://127.0.0.1:{port}", log_in(home, port), process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS_TO_STOP) == 0, (home / "airflow_up.log").read_text()


def log_in(home: Path, port: int) -> str:
    [(user, password)] = json.loads((home / "airflow" / "passwords.json").read_text()).items()
    answer = ask(f"http://127.0.0.1:{port}/auth/token", {"username": user, "password": password})
    token: str = answer["access_token"]
    return token


def wait_until(is_so: Any, seconds: float, process: "subprocess.Popen[bytes] | None" = None) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert process is None or process.poll() is None, "airflow_up ended by itself"
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        time.sleep(0.5)


def outcome(airflow: Airflow, days: Collection[str]) -> dict[str, dict[str, str]]:
    """State by partition key, for each DAG; the clock may have begun a run for today as well."""
    runs = {dag_id: {run["partition_key"]: run["state"] for run in airflow.runs(dag_id)} for dag_id in DAGS}
    return {dag_id: {day: by_key[day] for day in days if day in by_key} for dag_id, by_key in runs.items()}


def is_over(airflow: Airflow, days: Collection[str]) -> bool:
    """Whether the last DAG is through with every day, or a run failed and nothing more will come."""
    found = outcome(airflow, days)
    states = {state for by_key in found.values() for state in by_key.values()}
    return "failed" in states or (found["ctgov_alert"].keys() == set(days) and states == {"success"})


def published_days(home: Path) -> list[date]:
    with duckdb.connect(str(home / "warehouse" / "trials.duckdb"), read_only=True) as con:
        rows = con.execute("select snapshot_date from marts.dim_snapshots order by snapshot_date").fetchall()
    return [day for (day,) in rows]


def days_and_outcomes(home: Path, step: str) -> list[tuple[str, str]]:
    """What the dashboards read of a step."""
    lines = [json.loads(line) for file in home.glob("warehouse/runs/*") for line in file.open()]
    return [(line["snapshot_date"], line["outcome"]) for line in lines if line["step"] == step]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.mark.slow
def test_two_days_flow_through_every_dag_and_nothing_is_left_running(home: Path, tmp_path: Path) -> None:
    source = GeneratedRegistry(size=60, days=2)
    first, second = source.days()
    wanted = {first.isoformat(): "success", second.isoformat(): "success"}
    with (
        running(source) as registry,
        running_slack(tmp_path / "slack") as (slack, _),
        airflow_running(home, registry, slack) as airflow,
    ):
        airflow.ask("/dags/ctgov_ingest", {"is_paused": False}, "PATCH")
        for day in (first, second):
            airflow.trigger("ctgov_ingest", day.isoformat())
        wait_until(lambda: is_over(airflow, wanted), SECONDS_TO_FLOW)
        found = outcome(airflow, wanted)
        airflow.trigger("ctgov_build", NEVER_LANDED)
        bad_build = partial(outcome, airflow, [NEVER_LANDED])
        wait_until(lambda: bad_build()["ctgov_build"].get(NEVER_LANDED) in ENDED, SECONDS_TO_FLOW)
        ended_badly = bad_build()["ctgov_build"][NEVER_LANDED]
        offspring = psutil.Process(airflow.pid).children(recursive=True)
    assert found == dict.fromkeys(DAGS, wanted)
    assert ended_badly == "failed"
    assert published_days(home) == [first, second]
    assert days_and_outcomes(home, "check_raw") == [
        (first.isoformat(), "success"),
        (second.isoformat(), "success"),
        (NEVER_LANDED, "failed"),
    ]
    assert len(offspring) >= 3
    assert [process for process in offspring if process.is_running()] == []
