"""docker-compose.yml: valid, no default secrets; its Airflow lives through days on a real PostgreSQL.

No Docker is needed: each service is a plain process with the command and environment of its container.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from end_to_end.compose import FILE, Machine, read_env_file, services
from postgres_server import PostgresServer, running_postgres
from torture.home_picture import count_rows, lake_picture, published_rows, require_sound
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.server import running
from trialhouse.settings import PROJECT
from trialhouse.slack_stand_in import running_slack

AIRFLOW = ("api-server", "scheduler", "dag-processor", "triggerer")
COMPILER = shutil.which("cc") or shutil.which("gcc") or ""
REDIS = shutil.which("redis-server") or ""
PUBLICATION = time_of_day(15, tzinfo=UTC)
DAGS = ("ctgov_ingest", "ctgov_build", "ctgov_alert")
SECONDS_A_DAY = 240


# ---------- the file


@pytest.fixture
def secrets(tmp_path: Path) -> dict[str, str]:
    subprocess.run([sys.executable, PROJECT / "bin" / "secrets", tmp_path], check=True, capture_output=True)
    return read_env_file(tmp_path / ".env")


def test_the_file_is_valid_by_the_compose_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_it_refuses_to_start_without_secrets(secrets: dict[str, str]) -> None:
    assert len(secrets) >= 9
    for name in secrets:
        with pytest.raises(KeyError, match="make secrets"):
            services({key: value for key, value in secrets.items() if key != name})


def test_secrets_are_made_once_for_their_owner_only(tmp_path: Path, secrets: dict[str, str]) -> None:
    file = tmp_path / ".env"
    file.write_text(file.read_text().replace("REDIS_PASSWORD=", "# gone "))
    subprocess.run([sys.executable, PROJECT / "bin" / "secrets", tmp_path], check=True, capture_output=True)
    again = read_env_file(file)
    assert again.keys() == secrets.keys()
    assert {name for name in secrets if again[name] != secrets[name]} == {"REDIS_PASSWORD"}
    assert len(set(again.values())) == len(again)
    assert all(len(value) >= 32 for value in again.values())
    assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "trialhouse.env").stat().st_mode & 0o077 == 0


def test_every_container_is_held_tight(secrets: dict[str, str]) -> None:
    for name, service in services(secrets).items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["mem_limit"], name
        assert service["cpus"], name
        assert "restart" in service, name
        assert "healthcheck" in service or name == "prepare", name
        assert service["image"].split(":")[1][:1].isdigit(), f"{name} is not pinned"
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


def test_no_secret_stands_in_the_file_and_only_tasks_see_the_outbox(secrets: dict[str, str]) -> None:
    parsed = services(secrets)
    for name, service in parsed.items():
        seen = json.dumps(service["environment"])
        assert (secrets["OUTBOX_DB_PASSWORD"] in seen) == (name in {"scheduler", "worker", "postgres"}), name
        assert (secrets["POSTGRES_PASSWORD"] in seen) == (name in {"postgres", "backup"}), name
    shared = services(secrets | {"TRIALHOUSE_SHARED_CATALOGUE": "postgresql://me:word@there/catalogue"})
    knowing = {name for name, service in shared.items() if "me:word" in json.dumps(service["environment"])}
    assert knowing == {"scheduler", "worker"}
    volumes = yaml.safe_load(FILE.read_text())["volumes"]
    assert {"data", "postgres", "backups"} <= set(volumes)


def test_volumes_lie_on_folders_that_belong_to_the_user_of_the_image(secrets: dict[str, str]) -> None:
    """Docker gives a new volume the owner of the folder that it covers, and to root what covers none."""
    made = re.findall(r"/home/trialhouse/data/\S+", (PROJECT / "Dockerfile").read_text().split("chown")[0])
    of_our_user = {"/home/trialhouse/data", *made}
    for name, service in services(secrets).items():
        owned = {"/var/lib/postgresql/data"} if service["image"].startswith("postgres:") else of_our_user
        for volume in service.get("volumes", []):
            source, target = (
                volume.split(":")[:2] if isinstance(volume, str) else (volume["source"], volume["target"])
            )
            assert source.startswith("./") or target in owned, f"{name}: {target} would be root's"


def test_celery_s_executor_loads_with_the_locked_packages() -> None:
    loaded = "import airflow.providers.celery.executors.celery_executor as module; module.CeleryExecutor"
    ended = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


# ---------- Airflow as its services run


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that all services share, so many seconds off the true one; other_clock.c is the other half."""

    file: Path
    library: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "TRIALHOUSE_TEST_CLOCK": str(self.file)}

    def set_to(self, moment: datetime) -> None:
        seconds = round((moment - datetime.now(UTC)).total_seconds())
        with self.file.open("r+b") as file:
            file.write(seconds.to_bytes(8, sys.byteorder, signed=True))


def made_clock(folder: Path) -> Clock:
    clock = Clock(folder / "clock", folder / "other_clock.so")
    clock.file.write_bytes(bytes(8))
    source = Path(__file__).with_name("other_clock.c")
    subprocess.run([COMPILER, "-O2", "-shared", "-fPIC", "-o", clock.library, source], check=True)
    return clock


@dataclass(frozen=True, slots=True)
class Api:
    """Airflow, asked as a person's script would."""

    address: str
    password: str

    def ask(self, path: str, body: Any = None, method: str | None = None, token: str = "") -> Any:
        request = urllib.request.Request(
            self.address + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def asked(self, path: str, body: Any = None, method: str | None = None) -> Any:
        login = {"username": "admin", "password": self.password}
        return self.ask(f"/api/v2{path}", body, method, self.ask("/auth/token", login)["access_token"])

    def states(self, dag_id: str) -> dict[str, str]:
        """How each run ended or stands, by partition key."""
        runs = self.asked(f"/dags/{dag_id}/dagRuns?limit=100")["dag_runs"]
        return {run["partition_key"]: run["state"] for run in runs}

    def order(self, dag_id: str) -> list[str]:
        """Partition keys in the order in which they began."""
        runs = self.asked(f"/dags/{dag_id}/dagRuns?limit=100&order_by=start_date")["dag_runs"]
        return [run["partition_key"] for run in runs]


@dataclass(frozen=True, slots=True)
class Deployment:
    machine: Machine
    api: Api
    clock: Clock
    home: Path
    messages: Path
    postgres: PostgresServer

    def wait_for(self, days: list[date], dag_id: str = "ctgov_alert") -> None:
        wanted = {day.isoformat(): "success" for day in days}
        self.wait_until(lambda: wanted.items() <= self.api.states(dag_id).items(), SECONDS_A_DAY * len(days))

    def wait_until(self, is_so: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            states = {
                dag_id: self.api.states(dag_id) for dag_id in ("ctgov_ingest", "ctgov_build", "ctgov_alert")
            }
            assert "failed" not in {state for by_key in states.values() for state in by_key.values()}, states
            assert time.monotonic() < deadline, states
            time.sleep(1)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.home / "warehouse" / "trials.duckdb"), read_only=True) as con:
            return con.execute(query).fetchall()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def deployed(
    folder: Path, source: GeneratedRegistry, values: dict[str, str], **addresses: str
) -> Iterator[Deployment]:
    """PostgreSQL with its databases, a registry and Slack; nothing of Airflow runs yet.

    values: the variables of the file. addresses: of other services, by their name there.
    """
    home, logs = folder / "home", folder / "logs"
    logs.mkdir()
    port = free_port()
    clock = made_clock(folder)
    with (
        running(source) as registry,
        running_slack(folder / "slack") as (slack, messages),
        running_postgres(clock.environment) as postgres,
    ):
        environment = {**os.environ, **postgres.environment, **values}
        subprocess.run(["bash", PROJECT / "deploy" / "create_databases.sh"], env=environment, check=True)
        connection = {"conn_type": "slackwebhook", "host": f"{slack}/services", "password": "T0/B0/made-up"}
        machine = Machine(
            services=services(values),
            addresses=addresses
            | {
                "@postgres:5432": f"@127.0.0.1:{postgres.port}",
                "http://api-server:8080": f"http://127.0.0.1:{port}",
                "/home/trialhouse/data": str(home),
                "0.0.0.0": "127.0.0.1",
            },
            settings={
                "AIRFLOW_CONN_TRIALHOUSE_SLACK": json.dumps(connection),
                "TRIALHOUSE_REGISTRY_URL": f"{registry}/days/{{snapshot_date}}/api/v2",
            },
            clock=clock.environment | {"AIRFLOW__API__PORT": str(port)},
            logs=logs,
        )
        api = Api(f"http://127.0.0.1:{port}", values["TRIALHOUSE_API_PASSWORD"])
        try:
            yield Deployment(machine, api, clock, home, messages, postgres)
        finally:
            machine.kill_all()


def just_before(day: date) -> datetime:
    return datetime.combine(day, PUBLICATION) - timedelta(seconds=20)


def start(deployment: Deployment) -> None:
    deployment.machine.start(*AIRFLOW)
    deployment.machine.wait_until_healthy(*AIRFLOW)


@dataclass(frozen=True, slots=True)
class Plan:
    """Days by the clock, then days without any machine: the first of them its clock still asks for."""

    by_clock: list[date]
    overdue: date
    missed: list[date]
    back: date

    @classmethod
    def of(cls, days: list[date], by_clock: int) -> "Plan":
        return cls(days[:by_clock], days[by_clock], days[by_clock + 1 : -1], days[-1])


def live_through(deployment: Deployment, plan: Plan) -> None:
    """Days by the clock, a power failure for days, a backfill of them with another power failure in it."""
    machine, api = deployment.machine, deployment.api
    deployment.clock.set_to(just_before(plan.by_clock[0]))
    prepared = machine.run("prepare")
    assert prepared.returncode == 0, prepared.stderr
    start(deployment)
    api.asked("/dags/ctgov_ingest", {"is_paused": False}, "PATCH")
    for day in plan.by_clock:
        deployment.clock.set_to(just_before(day))
        deployment.wait_for([day])
    machine.kill_all()

    deployment.clock.set_to(just_before(plan.back))
    start(deployment)
    deployment.wait_for([plan.overdue], "ctgov_ingest")
    api.asked("/backfills", backfill_of(plan.missed))
    deployment.wait_for(plan.missed[:1], "ctgov_ingest")
    machine.kill_all()

    require_sound(deployment.home)
    start(deployment)
    deployment.wait_for([plan.overdue, *plan.missed, plan.back])


def backfill_of(days: list[date]) -> dict[str, Any]:
    return {
        "dag_id": "ctgov_ingest",
        "from_date": f"{days[0]}T00:00:00Z",
        "to_date": f"{days[-1]}T23:59:59Z",
        "max_active_runs": 1,
        "reprocess_behavior": "none",
    }


@pytest.mark.torture
@pytest.mark.skipif(not COMPILER, reason="not run: the clock of the test needs a C compiler")
@pytest.mark.parametrize(
    ("by_clock", "missed"), [pytest.param(1, 2, id="short"), pytest.param(3, 5, id="long")]
)
def test_days_by_the_clock_a_power_failure_and_missed_days_lose_nothing(
    tmp_path: Path, secrets: dict[str, str], by_clock: int, missed: int
) -> None:
    source = GeneratedRegistry(size=60, days=by_clock + missed + 2)
    days = list(source.days())
    plan = Plan.of(days, by_clock)
    with deployed(tmp_path, source, secrets) as deployment:
        live_through(deployment, plan)
        order = deployment.api.order("ctgov_ingest")
        back_up_and_restore(deployment, tmp_path / "backups")
    assert [day for day in order if day in map(str, plan.missed)] == list(map(str, plan.missed))
    found = deployment.rows("select snapshot_date from marts.dim_snapshots order by all")
    assert [day for (day,) in found] == days
    texts = [json.loads(line)["text"] for line in deployment.messages.read_text().splitlines()]
    assert len(texts) == len(set(texts)) > 0
    assert lake_picture(deployment.home).keys() == set(map(str, days))
    assert count_rows(published_rows(deployment.home)) > 1_000


@pytest.mark.torture
@pytest.mark.skipif(not COMPILER or not REDIS, reason="not run: it needs a C compiler and redis-server")
def test_a_worker_of_celery_runs_the_tasks_of_a_day(tmp_path: Path, secrets: dict[str, str]) -> None:
    source = GeneratedRegistry(size=60, days=1)
    [day] = source.days()
    values = secrets | {"TRIALHOUSE_EXECUTOR": "CeleryExecutor"}
    with (
        running_redis(secrets["REDIS_PASSWORD"]) as redis,
        deployed(tmp_path, source, values, **{"@redis:6379": redis}) as deployment,
    ):
        machine = deployment.machine
        deployment.clock.set_to(just_before(day))
        prepared = machine.run("prepare")
        assert prepared.returncode == 0, prepared.stderr
        start(deployment)
        machine.start("worker")
        deployment.api.asked("/dags/ctgov_ingest", {"is_paused": False}, "PATCH")
        deployment.wait_for([day])
        tasks = machine.whole_log_of("worker").count("succeeded in")
    found = deployment.rows("select snapshot_date from marts.dim_snapshots")
    assert found == [(day,)]
    assert tasks >= 8


@contextmanager
def running_redis(password: str) -> Iterator[str]:
    """A Redis that forgets, as the one in the file; `@host:port`."""
    port = free_port()
    command = [REDIS, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--requirepass", password]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as redis:
        try:
            yield f"@127.0.0.1:{port}"
        finally:
            redis.terminate()


def back_up_and_restore(deployment: Deployment, folder: Path) -> None:
    """The backup's own script, and what it made put into an empty database."""
    folder.mkdir()
    environment = {**os.environ, **deployment.postgres.environment, "BACKUPS": str(folder)}
    subprocess.run(["bash", PROJECT / "deploy" / "backup.sh", "once"], env=environment, check=True)
    [dump] = folder.glob("outbox-*.dump")
    assert len(list(folder.glob("airflow-*.dump"))) == 1
    deployment.postgres.create("restored")
    subprocess.run(["pg_restore", "--dbname", "restored", dump], env=environment, check=True)
    sent, restored = (count_of_messages(name, environment) for name in ("outbox", "restored"))
    assert sent == restored > 0


def count_of_messages(database: str, environment: dict[str, str]) -> int:
    query = "select count(*) from outgoing_messages where sent_at is not null"
    command = ["psql", "-tA", "-d", database, "-c", query]
    return int(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
