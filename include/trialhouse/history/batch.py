"""Land whole trials from incoming as one batch; the manifest comes last, by rename."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from trialhouse import __version__
from trialhouse.history.answers import Change, IndexUnreadable, read_index, read_past_version
from trialhouse.history.incoming import FetchedTrial, IncomingTrial
from trialhouse.history.plan import wanted_versions
from trialhouse.history.store import CHANGES, REFUSED, TRIALS, BatchManifest, HistoryStore
from trialhouse.history.typed_versions import VersionRecord, take_out_refused, write_versions
from trialhouse.lake import remove, sha256_of, write_atomically
from trialhouse.plain_texts import plain_record
from trialhouse.records import RecordUnreadable, on_one_line
from trialhouse.typed_loading import REFUSALS

# Each record with what we know of it; only DuckDB reads it, and it goes before the manifest comes.
RECORDS = "records.jsonl.zst"


class _BatchRows:
    """The rows of a batch, gathered while its answers are written one a line."""

    def __init__(self, answers: IO[bytes], records: IO[bytes], labels: tuple[str, ...]) -> None:
        self.trials: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self.versions_count = 0
        self._answers, self._records, self._labels = answers, records, labels
        self._lines = 0

    def add(self, fetched: FetchedTrial) -> None:
        """One trial: its index, then every version on disk that the index lists."""
        trial = fetched.incoming
        for version_number, reason in fetched.refused.items():
            self.refuse(trial.nct_id, version_number, reason, None)
        changes, line = (None, None) if None in fetched.refused else self._add_index(trial)
        self.trials.append(
            {
                "nct_id": trial.nct_id,
                "versions_count": None if changes is None else len(changes),
                "fetched_at": fetched.asked.fetched_at,
                "listed_content_hash": fetched.asked.listed_content_hash,
                "planned_labels": self._labels,
            }
        )
        wanted = set(wanted_versions(changes or [], self._labels))
        for change in changes or []:
            row = {"nct_id": trial.nct_id, **msgspec.structs.asdict(change), "answer_line": line}
            self.changes.append({**row, "is_wanted": change.version_number in wanted})
            if trial.version_file(change.version_number).exists():
                self._add_version(trial, change.version_number, change.submitted_on)

    def _add_index(self, trial: IncomingTrial) -> tuple[list[Change] | None, int | None]:
        """What the index lists, nothing where it cannot be relied on; and the line it stands on."""
        body = trial.index_file.read_bytes()
        line = self._keep(body)
        try:
            return read_index(body), line
        except IndexUnreadable as error:
            self.refuse(trial.nct_id, None, str(error), line)
            return None, line

    def _add_version(self, trial: IncomingTrial, version_number: int, submitted_on: date) -> None:
        body = trial.version_file(version_number).read_bytes()
        line = self._keep(body)
        try:
            version = read_past_version(on_one_line(body), trial.nct_id, version_number)
        except RecordUnreadable as error:
            self.refuse(trial.nct_id, version_number, str(error), line)
            return
        record = VersionRecord(
            nct_id=trial.nct_id,
            version_number=version_number,
            submitted_on=submitted_on,
            content_hash=version.content_hash,
            answer_line=line or 0,
            study=msgspec.Raw(plain_record(version.study)),
        )
        self._records.write(msgspec.json.encode(record) + b"\n")
        self.versions_count += 1

    def _keep(self, body: bytes) -> int | None:
        """The line an answer stands on, from 1; a 404 has none."""
        if not body:
            return None
        self._answers.write(on_one_line(body) + b"\n")
        self._lines += 1
        return self._lines

    def refuse(self, nct_id: str, version_number: int | None, reason: str, line: int | None) -> None:
        why = {"version_number": version_number, "reason": reason, "answer_line": line}
        self.refused.append({"nct_id": nct_id, **why})


def land_batch(
    con: duckdb.DuckDBPyConnection,
    store: HistoryStore,
    trials: list[FetchedTrial],
    labels: tuple[str, ...],
    registry_name: str,
) -> BatchManifest:
    """Write the files of the next batch and, last, its manifest; where that fails, nothing of it stays."""
    store.clear_unfinished()
    number = max(store.batch_numbers(), default=0) + 1
    try:
        manifest = _write_files(con, store.batch_folder(number), number, trials, labels, registry_name)
        body = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        write_atomically(store.manifest_file(number), body)
    except Exception:
        remove(store.batch_folder(number))
        raise
    return manifest


def _write_files(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    number: int,
    trials: list[FetchedTrial],
    labels: tuple[str, ...],
    registry_name: str,
) -> BatchManifest:
    folder.mkdir(parents=True)
    with (
        zstandard.open(folder / "answers.jsonl.zst", "wb") as answers,
        zstandard.open(folder / RECORDS, "wb") as records,
    ):
        rows = _BatchRows(answers, records, labels)
        for trial in trials:
            rows.add(trial)
    _write_versions(con, folder, rows)
    for name, schema in {"trials": TRIALS, "changes": CHANGES, "refused": REFUSED}.items():
        table = pa.Table.from_pylist(getattr(rows, name), schema=schema)
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
    return _manifest_of(number, folder, rows, labels, registry_name)


def _write_versions(con: duckdb.DuckDBPyConnection, folder: Path, rows: _BatchRows) -> None:
    records, file = folder / RECORDS, folder / "versions.parquet"
    try:
        write_versions(con, records, file)
    except REFUSALS:
        for record, reason in take_out_refused(con, records):
            rows.refuse(record.nct_id, record.version_number, reason, record.answer_line)
            rows.versions_count -= 1
        write_versions(con, records, file)
    records.unlink()


def _manifest_of(
    number: int, folder: Path, rows: _BatchRows, labels: tuple[str, ...], registry_name: str
) -> BatchManifest:
    return BatchManifest(
        batch_number=number,
        registry_name=registry_name,
        labels=labels,
        trials_count=len(rows.trials),
        without_history_count=sum(row["versions_count"] == 0 for row in rows.trials),
        changes_count=len(rows.changes),
        versions_count=rows.versions_count,
        refused_count=len(rows.refused),
        files={file.name: sha256_of(file) for file in sorted(folder.iterdir())},
        fetched_at=max(row["fetched_at"] for row in rows.trials),
        landed_at=datetime.now(UTC),
        trialhouse_version=__version__,
    )
