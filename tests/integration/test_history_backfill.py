"""Past versions over real HTTP into a lake: what is asked, what lands, what a killed run leaves."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest
import zstandard
from typer.testing import CliRunner

from builders import Record, a_study, real_data
from trialhouse.cli_backfill import backfill_app
from trialhouse.errors import RegistryChanged, RegistryUnavailable, SettingsInvalid
from trialhouse.history import backfill, batch
from trialhouse.history.backfill import BackfillReport, backfill_history
from trialhouse.history.queue import HistoryWish
from trialhouse.history.store import HistoryStore
from trialhouse.lake import Lake, sha256_of
from trialhouse.record_type import typed_records
from trialhouse.registry import Registry
from trialhouse.settings import Settings, load_settings

DAY = date(2026, 1, 5)
NEXT_DAY = date(2026, 1, 6)
STORED = {"NCT01874431": 19, "NCT02540993": 60, "NCT02545049": 70, "NCT05901831": 26}
NARROW = ("Outcome Measures", "Study Design")


class Killed(BaseException):
    """The process ends here."""


@dataclass
class HistoryServer:
    """Answers by path below /api/int/studies/; anything else is a 404. What was asked is kept."""

    answers: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def add(self, nct_id: str, changes: list[dict[str, Any]], records: list[Record]) -> None:
        self.answers[f"{nct_id}/history"] = json.dumps({"changes": changes}, indent=1).encode()
        for number, record in enumerate(records):
            body = json.dumps({"studyVersion": number, "study": record}).encode()
            self.answers[f"{nct_id}/history/{number}"] = body

    @contextmanager
    def running(self) -> Iterator[str]:
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("/api/int/studies/")[2]
                served.asked.append(path)
                body = served.answers.get(path, b"Not found")
                self.send_response(200 if path in served.answers else 404)
                kind = "application/json" if path in served.answers else "text/plain"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api/v2"
        finally:
            server.shutdown()
            server.server_close()


def a_history(nct_id: str, versions: int, **changes: Any) -> tuple[str, list[dict[str, Any]], list[Record]]:
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
    return nct_id, lines, [a_study(nct_id, **changes)] * versions


@pytest.fixture
def server() -> HistoryServer:
    return HistoryServer()


@pytest.fixture
def settings(server: HistoryServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setattr(backfill, "GIVE_WAY_SECONDS", 0.0)
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    with server.running() as url:
        monkeypatch.setenv("TRIALHOUSE_REGISTRY_URL", url)
        yield load_settings()


def land_day(settings: Settings, records: list[Record], day: date = DAY) -> None:
    """A landed day, as far as the backfill looks at one."""
    lake = Lake(settings.lake)
    page = settings.home / "page.jsonl"
    page.write_text("".join(json.dumps(record) + "\n" for record in records))
    for file in (lake.versions_file(day), lake.presence_file(day), lake.manifest_file(day)):
        file.parent.mkdir(parents=True, exist_ok=True)
    duckdb.sql(f"""
        select
            protocolSection.identificationModule.nctId as nct_id,
            md5(to_json(protocolSection)) as content_hash,
            *
        from {typed_records([page])}
    """).write_parquet(str(lake.versions_file(day)))
    duckdb.sql(
        f"""
        select
            nct_id,
            content_hash,
            protocolSection.statusModule.lastUpdatePostDateStruct.date as last_update_post_date
        from '{lake.versions_file(day)}'
        """
    ).write_parquet(str(lake.presence_file(day)))
    lake.manifest_file(day).write_text("{}")


def landed(settings: Settings, name: str, columns: str = "*") -> list[tuple[Any, ...]]:
    files = HistoryStore.of(Lake(settings.lake)).files(f"{name}.parquet")
    query = f"select {columns} from read_parquet({[str(file) for file in files]}) order by all"
    return duckdb.sql(query).fetchall()


def serve_stored(server: HistoryServer, settings: Settings) -> dict[str, Any]:
    """The four stored answers; each version is the stored present record, for only that is stored."""
    stored = {
        nct_id: json.loads(real_data(f"history/{nct_id}.history.json").read_bytes()) for nct_id in STORED
    }
    for nct_id, answer in stored.items():
        changes = answer["history"]["changes"]
        server.add(nct_id, changes, [answer["study"]] * len(changes))
    land_day(settings, [answer["study"] for answer in stored.values()])
    return stored


def test_the_four_stored_answers_are_read_right(server: HistoryServer, settings: Settings) -> None:
    stored = serve_stored(server, settings)
    report = backfill_history(settings, HistoryWish())
    expected = [
        (
            nct_id,
            line["version"],
            date.fromisoformat(line["date"]),
            line["status"],
            line["studyType"],
            line["moduleLabels"],
        )
        for nct_id, answer in sorted(stored.items())
        for line in answer["history"]["changes"]
    ]
    columns = "nct_id, version_number, submitted_on, status, study_type, module_labels"
    assert landed(settings, "changes", columns) == expected
    assert report == BackfillReport(DAY, 4, 0, 175, 0, 1, 179)


def test_past_versions_are_typed_like_any_record(server: HistoryServer, settings: Settings) -> None:
    stored = serve_stored(server, settings)
    backfill_history(settings, HistoryWish())
    columns = "nct_id, version_number, submitted_on, protocolSection.identificationModule.briefTitle"
    assert landed(settings, "versions", columns) == [
        (
            nct_id,
            line["version"],
            date.fromisoformat(line["date"]),
            answer["study"]["protocolSection"]["identificationModule"]["briefTitle"],
        )
        for nct_id, answer in sorted(stored.items())
        for line in answer["history"]["changes"]
    ]


def test_narrow_labels_ask_for_a_sixth(server: HistoryServer, settings: Settings) -> None:
    serve_stored(server, settings)
    report = backfill_history(settings, HistoryWish(labels=NARROW))
    assert report.requests == len(server.asked) == 31
    assert landed(settings, "changes", "count(*), count_if(is_wanted)") == [(175, 27)]


def test_every_row_names_the_line_of_its_answer(server: HistoryServer, settings: Settings) -> None:
    serve_stored(server, settings)
    backfill_history(settings, HistoryWish(labels=NARROW))
    file = HistoryStore.of(Lake(settings.lake)).batch_folder(1) / "answers.jsonl.zst"
    with zstandard.open(file, "rb") as packed:
        lines = [json.loads(line) for line in packed.read().split(b"\n")[:-1]]
    assert len(lines) == 31
    for nct_id, number, place in landed(settings, "versions", "nct_id, version_number, answer_line"):
        answer = lines[place - 1]
        assert answer["studyVersion"] == number
        assert answer["study"]["protocolSection"]["identificationModule"]["nctId"] == nct_id
    for number, submitted_on, place in landed(
        settings, "changes", "version_number, submitted_on, answer_line"
    ):
        assert lines[place - 1]["changes"][number]["date"] == str(submitted_on)


def test_the_receipt_counts_and_hashes_what_landed(server: HistoryServer, settings: Settings) -> None:
    server.add(*a_history("NCT90000001", 3))
    land_day(settings, [a_study("NCT90000001"), a_study("NCT90000002")])
    backfill_history(settings, HistoryWish(labels=NARROW))
    store = HistoryStore.of(Lake(settings.lake))
    manifest = store.manifest(1)
    counts = (manifest.trials_count, manifest.without_history_count, manifest.changes_count)
    assert counts == (2, 1, 3)
    assert (manifest.versions_count, manifest.refused_count, manifest.labels) == (1, 0, NARROW)
    assert manifest.files == {
        file.name: sha256_of(file) for file in store.batch_folder(1).iterdir() if file.name != "manifest.json"
    }
    assert sorted(manifest.files) == [
        "answers.jsonl.zst",
        "changes.parquet",
        "refused.parquet",
        "trials.parquet",
        "versions.parquet",
    ]


def test_a_second_run_asks_nothing(server: HistoryServer, settings: Settings) -> None:
    server.add(*a_history("NCT90000001", 3))
    land_day(settings, [a_study("NCT90000001"), a_study("NCT90000002")])
    backfill_history(settings, HistoryWish())
    asked = len(server.asked)
    again = backfill_history(settings, HistoryWish(nct_ids=("NCT90000001",)))
    assert (again.trials, again.batches, again.requests, len(server.asked)) == (0, 0, 0, asked)


def killing(at: int, original: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which ends the process when it is called for the `at`-th time."""
    calls = iter(range(1, at + 1))

    def call(*args: Any, **kwargs: Any) -> Any:
        if next(calls, None) == at:
            raise Killed
        return original(*args, **kwargs)

    return call


@pytest.mark.parametrize("seed", range(6))
def test_a_run_killed_at_any_request_asks_for_nothing_twice(
    server: HistoryServer, settings: Settings, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    serve_stored(server, settings)
    at = random.Random(seed).randint(1, 31)
    with monkeypatch.context() as patch:
        patch.setattr(Registry, "_ask_internal", killing(at, Registry._ask_internal))
        with pytest.raises(Killed):
            backfill_history(settings, HistoryWish(labels=NARROW))
    assert len(server.asked) == at - 1
    report = backfill_history(settings, HistoryWish(labels=NARROW))
    assert (report.requests, len(server.asked), len(set(server.asked))) == (31 - at + 1, 31, 31)
    assert landed(settings, "versions", "count(*)") == [(27,)]


@pytest.mark.parametrize("dying", ["write_versions", "_manifest_of", "write_atomically"])
def test_a_run_killed_while_landing_leaves_no_batch_and_asks_for_nothing_twice(
    server: HistoryServer, settings: Settings, monkeypatch: pytest.MonkeyPatch, dying: str
) -> None:
    server.add(*a_history("NCT90000001", 3))
    land_day(settings, [a_study("NCT90000001")])
    store = HistoryStore.of(Lake(settings.lake))
    with monkeypatch.context() as patch:
        patch.setattr(batch, dying, killing(1, getattr(batch, dying)))
        with pytest.raises(Killed):
            backfill_history(settings, HistoryWish())
    assert store.batch_folder(1).exists()
    assert store.batch_numbers() == []
    report = backfill_history(settings, HistoryWish())
    assert (report.requests, report.versions, store.batch_numbers()) == (0, 3, [1])


def test_a_run_killed_after_landing_leaves_nothing_to_land_again(
    server: HistoryServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add(*a_history("NCT90000001", 3))
    land_day(settings, [a_study("NCT90000001")])
    store = HistoryStore.of(Lake(settings.lake))
    with monkeypatch.context() as patch:
        patch.setattr(backfill, "remove", killing(1, backfill.remove))
        with pytest.raises(Killed):
            backfill_history(settings, HistoryWish())
    assert (store.batch_numbers(), store.incoming_folder("NCT90000001").exists()) == ([1], True)
    assert backfill_history(settings, HistoryWish()).trials == 0
    assert not store.incoming_folder("NCT90000001").exists()


def test_a_killed_first_write_is_begun_again(
    server: HistoryServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add(*a_history("NCT90000001", 1))
    land_day(settings, [a_study("NCT90000001")])
    HistoryStore.of(Lake(settings.lake)).incoming_folder("NCT90000001").mkdir(parents=True)
    assert backfill_history(settings, HistoryWish()).versions == 1


def test_an_index_on_disk_is_not_believed_once_the_record_changed(
    server: HistoryServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add(*a_history("NCT90000001", 2))
    land_day(settings, [a_study("NCT90000001")])
    with monkeypatch.context() as patch:
        patch.setattr(backfill, "land_batch", killing(1, backfill.land_batch))
        with pytest.raises(Killed):
            backfill_history(settings, HistoryWish())
    server.add(*a_history("NCT90000001", 3))
    land_day(settings, [a_study("NCT90000001", statusModule__overallStatus="COMPLETED")], NEXT_DAY)
    backfill_history(settings, HistoryWish())
    assert server.asked[3:] == ["NCT90000001/history", "NCT90000001/history/2"]
    assert landed(settings, "versions", "version_number") == [(0,), (1,), (2,)]


def test_a_changed_records_index_is_read_again_but_its_known_versions_are_not(
    server: HistoryServer, settings: Settings
) -> None:
    server.add(*a_history("NCT90000001", 2))
    land_day(settings, [a_study("NCT90000001")])
    backfill_history(settings, HistoryWish())
    server.add(*a_history("NCT90000001", 3))
    land_day(settings, [a_study("NCT90000001", statusModule__overallStatus="COMPLETED")], NEXT_DAY)
    report = backfill_history(settings, HistoryWish())
    assert (report.snapshot_date, report.versions) == (NEXT_DAY, 1)
    assert server.asked[3:] == ["NCT90000001/history", "NCT90000001/history/2"]


def test_wider_labels_read_the_versions_left_out_before(server: HistoryServer, settings: Settings) -> None:
    server.add(*a_history("NCT90000001", 3))
    land_day(settings, [a_study("NCT90000001")])
    backfill_history(settings, HistoryWish(labels=NARROW))
    report = backfill_history(settings, HistoryWish(labels=("Study Status", *NARROW)))
    assert server.asked[2:] == ["NCT90000001/history", "NCT90000001/history/1", "NCT90000001/history/2"]
    assert backfill_history(settings, HistoryWish(labels=NARROW)).trials == 0
    assert report.versions == 2


@pytest.mark.parametrize("answer", [None, b'{"changes":[]}'])
def test_a_trial_without_history_is_recorded(
    server: HistoryServer, settings: Settings, answer: bytes | None
) -> None:
    if answer:
        server.answers["NCT90000001/history"] = answer
    land_day(settings, [a_study("NCT90000001")])
    report = backfill_history(settings, HistoryWish())
    assert (report.trials, report.without_history, report.refused) == (1, 1, 0)
    (hash_on_day,) = duckdb.sql(
        f"select content_hash from '{Lake(settings.lake).presence_file(DAY)}'"
    ).fetchall()
    columns = "nct_id, versions_count, listed_content_hash"
    assert landed(settings, "trials", columns) == [("NCT90000001", 0, *hash_on_day)]


def test_a_version_that_does_not_fit_is_refused_and_the_rest_land(
    server: HistoryServer, settings: Settings
) -> None:
    server.add(*a_history("NCT90000001", 4))
    server.add(
        "NCT90000001", a_history("NCT90000001", 4)[1], [a_study("NCT90000001"), {"protocolSection": {}}]
    )
    del server.answers["NCT90000001/history/3"]
    server.add(*a_history("NCT90000002", 1))
    land_day(settings, [a_study("NCT90000001"), a_study("NCT90000002")])
    report = backfill_history(settings, HistoryWish())
    columns = "nct_id, version_number"
    assert landed(settings, "versions", columns) == [
        ("NCT90000001", 0),
        ("NCT90000001", 2),
        ("NCT90000002", 0),
    ]
    assert landed(settings, "refused", "version_number, reason, answer_line") == [
        (1, "no NCT id", 3),
        (3, "listed in the index, but the registry has no such version", None),
    ]
    assert report.refused == 2


def test_a_version_only_duckdb_refuses_is_refused_and_the_rest_land(
    server: HistoryServer, settings: Settings
) -> None:
    server.add(*a_history("NCT90000001", 3))
    twice = server.answers["NCT90000001/history/1"].replace(
        b'"hasResults"', b'"hasResults": true, "hasResults"'
    )
    server.answers["NCT90000001/history/1"] = twice
    land_day(settings, [a_study("NCT90000001")])
    report = backfill_history(settings, HistoryWish())
    assert landed(settings, "versions", "version_number, answer_line") == [(0, 2), (2, 4)]
    assert [row[:2] for row in landed(settings, "refused", "version_number, answer_line, reason")] == [(1, 3)]
    assert (report.versions, report.refused) == (2, 1)


def test_a_refused_version_is_not_asked_for_again(server: HistoryServer, settings: Settings) -> None:
    server.add("NCT90000001", a_history("NCT90000001", 1)[1], [{"protocolSection": {}}])
    land_day(settings, [a_study("NCT90000001")])
    backfill_history(settings, HistoryWish())
    land_day(settings, [a_study("NCT90000001", statusModule__overallStatus="COMPLETED")], NEXT_DAY)
    assert backfill_history(settings, HistoryWish()).requests == 1


def test_an_index_that_cannot_be_relied_on_is_refused_whole_and_the_run_goes_on(
    server: HistoryServer, settings: Settings
) -> None:
    nct_id, changes, records = a_history("NCT90000001", 3)
    server.add(nct_id, changes[1:], records)
    server.add(*a_history("NCT90000002", 1))
    land_day(settings, [a_study("NCT90000001"), a_study("NCT90000002")])
    report = backfill_history(settings, HistoryWish())
    assert landed(settings, "refused") == [("NCT90000001", None, "versions are not 0 to 1: [1, 2]", 1)]
    assert landed(settings, "trials", "nct_id, versions_count") == [("NCT90000001", None), ("NCT90000002", 1)]
    assert (report.versions, backfill_history(settings, HistoryWish()).requests) == (1, 0)


def asked_trials(server: HistoryServer) -> list[str]:
    return [path.removesuffix("/history") for path in server.asked if path.endswith("/history")]


def a_trial(number: int, post_date: str, *phases: str) -> Record:
    return a_study(
        f"NCT9000000{number}",
        statusModule__lastUpdatePostDateStruct={"date": post_date},
        designModule__phases=list(phases),
    )


def test_named_trials_go_first_then_recent_ones_then_late_phases(
    server: HistoryServer, settings: Settings
) -> None:
    trials = [
        a_trial(1, "2020-01-01", "NA"),
        a_trial(2, "2020-01-01", "PHASE1"),
        a_trial(3, "2020-01-01", "PHASE2"),
        a_trial(4, "2020-01-01", "PHASE2", "PHASE3"),
        a_trial(5, "2025-12-10", "NA"),
        a_trial(6, "2025-12-30", "NA"),
        a_trial(7, "2025-12-05", "PHASE4"),
        a_trial(8, "2020-01-01", "NA"),
    ]
    land_day(settings, trials)
    for trial in trials:
        nct_id = trial["protocolSection"]["identificationModule"]["nctId"]
        server.add(*a_history(nct_id, 1))
    backfill_history(settings, HistoryWish(nct_ids=("NCT90000009", "NCT90000008"), limit=5))
    backfill_history(settings, HistoryWish())
    assert [nct_id[-1] for nct_id in asked_trials(server)] == list("986547321")
    assert landed(settings, "trials", "count(*)") == [(9,)]


def test_a_begun_trial_goes_before_all_that_are_not_named(
    server: HistoryServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        server.add(*a_history(f"NCT9000000{number}", 2))
    land_day(settings, [a_trial(number, "2020-01-01") for number in range(1, 4)])
    with monkeypatch.context() as patch:
        patch.setattr(Registry, "past_version", killing(1, Registry.past_version))
        with pytest.raises(Killed):
            backfill_history(settings, HistoryWish(nct_ids=("NCT90000003",)))
    backfill_history(settings, HistoryWish(nct_ids=("NCT90000002",)))
    assert [nct_id[-1] for nct_id in asked_trials(server)] == list("321")
    assert server.asked[1:4] == ["NCT90000002/history", "NCT90000002/history/0", "NCT90000002/history/1"]
    assert server.asked[4] == "NCT90000003/history/0"


def test_whole_batches_land_while_the_run_goes_on(
    server: HistoryServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "BATCH_TRIALS", 2)
    for number in range(1, 6):
        server.add(*a_history(f"NCT9000000{number}", 1))
    land_day(settings, [a_trial(number, "2020-01-01") for number in range(1, 6)])
    with monkeypatch.context() as patch:
        patch.setattr(Registry, "_ask_internal", killing(8, Registry._ask_internal))
        with pytest.raises(Killed):
            backfill_history(settings, HistoryWish())
    assert landed(settings, "trials", "count(*)") == [(2,)]
    assert backfill_history(settings, HistoryWish()).batches == 2
    assert landed(settings, "trials", "count(*)") == [(5,)]


def test_a_sync_that_waits_gets_in_between_two_trials(
    server: HistoryServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "GIVE_WAY_SECONDS", 0.05)
    land_day(settings, [a_trial(number, "2020-01-01") for number in range(1, 6)])
    for number in range(1, 6):
        server.add(*a_history(f"NCT9000000{number}", 1))
    got_in_after = list[int]()

    def daily_sync() -> None:
        with Lake(settings.lake).writer_lock():
            got_in_after.append(len(server.asked))

    def slow_history(registry: Registry, nct_id: str) -> Any:
        if nct_id == "NCT90000002":
            threading.Thread(target=daily_sync).start()
            time.sleep(0.2)
        return original(registry, nct_id)

    original = Registry.history
    monkeypatch.setattr(Registry, "history", slow_history)
    backfill_history(settings, HistoryWish())
    assert got_in_after == [4]


def test_a_registry_that_knows_no_history_at_all_is_not_believed(
    server: HistoryServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "TOO_MANY_WITHOUT_HISTORY", 2)
    land_day(settings, [a_trial(1, "2020-01-01"), a_trial(2, "2020-01-01")])
    server.answers["NCT90000002/history"] = b'{"versions":[]}'
    with pytest.raises(RegistryChanged, match="not one of 2 trials") as error:
        backfill_history(settings, HistoryWish())
    assert error.value.answer == b'{"versions":[]}'
    server.add(*a_history("NCT90000002", 1))
    report = backfill_history(settings, HistoryWish())
    assert (report.versions, report.without_history) == (1, 1)


def test_an_answer_that_is_no_json_passes_through_and_leaves_the_disk_as_it_is(
    server: HistoryServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add(*a_history("NCT90000001", 2))
    land_day(settings, [a_study("NCT90000001")])
    with monkeypatch.context() as patch:
        patch.setattr(Registry, "past_version", _raising(RegistryChanged("html")))
        with pytest.raises(RegistryChanged):
            backfill_history(settings, HistoryWish())
        patch.setattr(Registry, "past_version", _raising(RegistryUnavailable("asleep")))
        with pytest.raises(RegistryUnavailable):
            backfill_history(settings, HistoryWish())
    assert backfill_history(settings, HistoryWish()).versions == 2
    assert server.asked.count("NCT90000001/history") == 1


def _raising(error: Exception) -> Callable[..., Any]:
    def call(*_: object) -> Any:
        raise error

    return call


def test_nothing_landed_is_a_plain_answer(settings: Settings) -> None:
    with pytest.raises(SettingsInvalid, match="nothing has landed"):
        backfill_history(settings, HistoryWish())


def test_a_day_without_records_is_a_plain_answer(settings: Settings) -> None:
    manifest = Lake(settings.lake).manifest_file(DAY)
    manifest.parent.mkdir(parents=True)
    manifest.write_text("{}")
    with pytest.raises(SettingsInvalid, match="no record has landed"):
        backfill_history(settings, HistoryWish())


def test_a_day_that_has_not_landed_is_a_plain_answer(settings: Settings) -> None:
    land_day(settings, [a_study()])
    with pytest.raises(SettingsInvalid, match="2026-01-06 has not landed"):
        backfill_history(settings, HistoryWish(snapshot_date=NEXT_DAY))


def test_another_registrys_lake_is_not_touched(server: HistoryServer, settings: Settings) -> None:
    land_day(settings, [a_study()])
    Lake(settings.lake).claim("example.org")
    with pytest.raises(SettingsInvalid, match="example"):
        backfill_history(replace(settings, registry_name="local"), HistoryWish())
    assert server.asked == []


def test_the_command_names_trials_by_option_and_by_file(
    server: HistoryServer, settings: Settings, tmp_path: Path
) -> None:
    for number in (1, 2):
        server.add(*a_history(f"NCT9000000{number}", 3))
    land_day(settings, [a_trial(number, "2020-01-01") for number in (1, 2, 3)])
    watchlist = tmp_path / "watched.txt"
    watchlist.write_text("# ours\n\nNCT90000002  # the big one\nNCT90000001\n")
    options = ["--nct-id", "NCT90000003", "--watchlist", str(watchlist), "--limit", "2", "--labels", ""]
    answer = CliRunner().invoke(backfill_app, ["history", *options, "--date", str(DAY)])
    assert answer.exit_code == 0, answer.output
    assert server.asked == ["NCT90000003/history", "NCT90000002/history", "NCT90000002/history/0"]
    assert answer.output == (
        "read 2 trials of 2026-01-05: 1 past versions, 1 trials without history, "
        "0 answers refused, 3 requests\n"
    )


def test_the_command_says_beforehand_how_long_it_takes(
    server: HistoryServer,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRIALHOUSE_SECONDS_BETWEEN_REQUESTS", "0.5")
    land_day(settings, [a_trial(number, "2020-01-01") for number in (1, 2)])
    with caplog.at_level("INFO"):
        CliRunner().invoke(backfill_app, ["history"])
    assert "backfilling trials=2 about_requests=17 about_minutes=0" in caplog.text


def test_a_malformed_id_gets_a_plain_answer(settings: Settings) -> None:
    land_day(settings, [a_study()])
    answer = CliRunner().invoke(backfill_app, ["history", "--nct-id", "NCT1"])
    assert answer.exit_code == SettingsInvalid.exit_code
    assert "not NCT ids: NCT1" in answer.output
