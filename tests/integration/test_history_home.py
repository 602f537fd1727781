"""A home whose registry says of past versions what a test tells it to; and which homes are turned down."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders import Record, a_study
from trialhouse.errors import SettingsInvalid
from trialhouse.history import backfill
from trialhouse.history.backfill import BackfillReport, backfill_history
from trialhouse.history.queue import HistoryWish
from trialhouse.history.store import HistoryStore
from trialhouse.lake import Lake
from trialhouse.settings import Settings, load_settings

DAY = date(2026, 1, 5)
NEXT_DAY = date(2026, 1, 6)
NARROW = ("Outcome Measures", "Study Design")

VERSIONS = pa.schema(
    [
        ("nct_id", pa.string()),
        ("content_hash", pa.string()),
        (
            "protocolSection",
            pa.struct(
                [
                    ("designModule", pa.struct([("phases", pa.list_(pa.string()))])),
                    (
                        "statusModule",
                        pa.struct([("lastUpdatePostDateStruct", pa.struct([("date", pa.string())]))]),
                    ),
                ]
            ),
        ),
    ]
)
PRESENCE = pa.schema([("nct_id", pa.string()), ("version_date", pa.date32()), ("read_on", pa.date32())])


class Killed(BaseException):
    """The process ends here."""


@dataclass(frozen=True)
class Home:
    """Settings and what their registry answers by path below /api/int/studies/; anything else is a 404."""

    settings: Settings
    answers: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def lake(self) -> Lake:
        return Lake(self.settings.lake)

    @property
    def store(self) -> HistoryStore:
        return HistoryStore.of(self.lake)

    @property
    def asked_trials(self) -> list[str]:
        return [path.removesuffix("/history") for path in self.asked if path.endswith("/history")]

    def add(self, nct_id: str, changes: list[dict[str, Any]], records: list[Record]) -> None:
        self.answers[f"{nct_id}/history"] = json.dumps({"changes": changes}, indent=1).encode()
        for number, record in enumerate(records):
            body = json.dumps({"studyVersion": number, "study": record}).encode()
            self.answers[f"{nct_id}/history/{number}"] = body

    def land_day(self, *records: Record, day: date = DAY) -> None:
        """A landed day, as far as the backfill looks at one."""
        rows = [_row_of(record) | {"version_date": day, "read_on": day} for record in records]
        for file, schema in {
            self.lake.versions_file(day): VERSIONS,
            self.lake.presence_file(day): PRESENCE,
        }.items():
            file.parent.mkdir(parents=True)
            pq.write_table(pa.Table.from_pylist(rows, schema=schema), file)
        self.lake.manifest_file(day).parent.mkdir(parents=True, exist_ok=True)
        self.lake.manifest_file(day).write_text("{}")

    def backfill(self, **wish: Any) -> BackfillReport:
        return backfill_history(self.settings, HistoryWish(**wish))

    def landed(self, name: str, columns: str = "*") -> list[tuple[Any, ...]]:
        files = [str(file) for file in self.store.files(f"{name}.parquet")]
        return duckdb.sql(f"select {columns} from read_parquet({files}) order by all").fetchall()


def _row_of(record: Record) -> Record:
    section = record["protocolSection"]
    return {
        "nct_id": section["identificationModule"]["nctId"],
        "content_hash": md5(json.dumps(section).encode()).hexdigest(),
        "protocolSection": {
            "designModule": {"phases": section["designModule"].get("phases")},
            "statusModule": {
                "lastUpdatePostDateStruct": section["statusModule"]["lastUpdatePostDateStruct"],
            },
        },
    }


def a_history(nct_id: str, versions: int) -> tuple[str, list[dict[str, Any]], list[Record]]:
    """An id, its change list and its records; each version touches the status alone."""
    lines = [
        {
            "version": number,
            "date": f"2020-01-{number + 1:02d}",
            "status": "RECRUITING",
            "moduleLabels": labels,
        }
        for number, labels in enumerate([[], *[["Study Status"]] * (versions - 1)])
    ]
    return nct_id, lines, [a_study(nct_id)] * versions


def a_trial(number: int, post_date: str = "2020-01-01", *phases: str) -> Record:
    return a_study(
        f"NCT900000{number:02d}",
        statusModule__lastUpdatePostDateStruct={"date": post_date},
        designModule__phases=list(phases),
    )


def killing(at: int, original: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which ends the process when it is called for the `at`-th time."""
    calls = iter(range(1, at + 1))

    def call(*args: Any, **kwargs: Any) -> Any:
        if next(calls, None) == at:
            raise Killed
        return original(*args, **kwargs)

    return call


@contextmanager
def opened_home(folder: Path) -> Iterator[Home]:
    """A home in this folder; what was landed in it before is there."""
    answers, asked = dict[str, bytes](), list[str]()
    with _serving(answers, asked) as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr(backfill, "GIVE_WAY_SECONDS", 0.0)
        patch.setenv("TRIALHOUSE_HOME", str(folder))
        patch.setenv("TRIALHOUSE_REGISTRY_URL", url)
        yield Home(load_settings(), answers, asked)


@contextmanager
def _serving(answers: dict[str, bytes], asked: list[str]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("/api/int/studies/")[2]
            asked.append(path)
            body = answers.get(path, b"Not found")
            self.send_response(200 if path in answers else 404)
            self.send_header("Content-Type", "text/html" if body[:1] in b"N<" else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/v2"
    finally:
        server.shutdown()
        server.server_close()


def a_home(tmp_path: Path) -> Iterator[Home]:
    """The fixture of every module: `home = pytest.fixture(a_home)`."""
    with opened_home(tmp_path) as home:
        yield home


home = pytest.fixture(a_home)


def test_nothing_landed_is_a_plain_answer(home: Home) -> None:
    with pytest.raises(SettingsInvalid, match="nothing has landed"):
        home.backfill()


def test_a_day_without_records_is_a_plain_answer(home: Home) -> None:
    home.land_day()
    home.lake.versions_file(DAY).unlink()
    with pytest.raises(SettingsInvalid, match="no record has landed"):
        home.backfill()


def test_a_day_that_has_not_landed_is_a_plain_answer(home: Home) -> None:
    home.land_day(a_study())
    with pytest.raises(SettingsInvalid, match="2026-01-06 has not landed"):
        home.backfill(snapshot_date=NEXT_DAY)


def test_another_registrys_lake_is_not_touched(home: Home) -> None:
    home.land_day(a_study())
    home.lake.claim("example.org")
    with pytest.raises(SettingsInvalid, match="example"):
        backfill_history(replace(home.settings, registry_name="local"), HistoryWish())
    assert home.asked == []
