"""Real records in a published home; what it takes minutes to make is made once for all modules here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builders import build_and_publish, home_of, real_data
from integration import oracle
from trialhouse import gates
from trialhouse.alerts import alert_day
from trialhouse.local_registry.replayed import ReplayedRegistry
from trialhouse.settings import Settings
from trialhouse.slack_stand_in import running_slack
from trialhouse.sync import sync_day


@dataclass(frozen=True, slots=True)
class Outcome:
    """A published home and the records it was made of; slack_connection is a connection of Airflow."""

    settings: Settings
    days: dict[date, dict[str, oracle.Record]]
    flagged: dict[date, list[str]]
    messages: list[str]
    slack_connection: str

    def connection(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.settings.published_file), read_only=True)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.connection() as con:
            return con.execute(query).fetchall()


@contextmanager
def published(folder: Path, home: Path) -> Iterator[Outcome]:
    """Every day of a folder landed, one after the other; the third and the last built, published, alerted."""
    with (
        running_slack(home / "slack") as (address, messages_file),
        home_of(ReplayedRegistry(folder), home) as settings,
    ):
        connection = f'{{"conn_type":"slackwebhook","host":"{address}/services","password":"T0/B0/X0"}}'
        days = ReplayedRegistry(folder).days()
        flagged = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AIRFLOW_CONN_TRIALHOUSE_SLACK", connection)
            for day in days:
                sync_day(settings, day)
                if day in (*days[2:3], days[-1]):
                    flagged[day] = build_and_publish(settings, day)
                    alert_day(settings, day)
                else:
                    gates.check_raw(settings, day)
        files = {day: next(folder.glob(f"{day}.jsonl*")) for day in days}
        messages = messages_file.read_text().splitlines() if messages_file.exists() else []
        records = {day: oracle.records_of(files[day]) for day in days}
        yield Outcome(settings, records, flagged, messages, connection)


@pytest.fixture(scope="package")
def nine_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    with published(real_data("ctgov/daily"), tmp_path_factory.mktemp("nine_days")) as outcome:
        yield outcome


@pytest.fixture(scope="package")
def broad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    folder = tmp_path_factory.mktemp("broad_files")
    files = [real_data(f"ctgov/{name}.jsonl.gz") for name in ("broad-2025-10", "rare-traits")]
    (folder / "2025-10-31.jsonl.gz").write_bytes(b"".join(file.read_bytes() for file in files))
    with published(folder, tmp_path_factory.mktemp("broad")) as outcome:
        yield outcome
