"""Where past versions lie in the lake, and what of them has landed, as tables of one connection."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa

from trialhouse.errors import LakeDamaged
from trialhouse.lake import Lake, remove, sha256_of

_TRIAL = ("nct_id", pa.string())
_VERSION = ("version_number", pa.int32())
_ANSWER_LINE = ("answer_line", pa.int64())

# versions_count is null where the index was refused. planned_labels: of the plan it was read by.
TRIALS = pa.schema(
    [
        _TRIAL,
        ("versions_count", pa.int32()),
        ("fetched_at", pa.timestamp("us")),
        ("listed_content_hash", pa.string()),
        ("planned_labels", pa.list_(pa.string())),
    ]
)
CHANGES = pa.schema(
    [
        _TRIAL,
        _VERSION,
        ("submitted_on", pa.date32()),
        ("status", pa.string()),
        ("study_type", pa.string()),
        ("module_labels", pa.list_(pa.string())),
        ("is_wanted", pa.bool_()),
        _ANSWER_LINE,
    ]
)
REFUSED = pa.schema([_TRIAL, _VERSION, ("reason", pa.string()), _ANSWER_LINE])
VERSION_KEYS = pa.schema([_TRIAL, _VERSION, _ANSWER_LINE])


class BatchManifest(msgspec.Struct, frozen=True):
    """The receipt of a batch; files: sha256 by name. fetched_at: of the trial read last."""

    batch_number: int
    registry_name: str
    labels: tuple[str, ...]
    trials_count: int
    without_history_count: int
    changes_count: int
    versions_count: int
    refused_count: int
    files: dict[str, str]
    fetched_at: datetime
    landed_at: datetime
    trialhouse_version: str


@dataclass(frozen=True, slots=True)
class HistoryStore:
    """Paths below the history folder of one lake."""

    root: Path

    @classmethod
    def of(cls, lake: Lake) -> "HistoryStore":
        return cls(lake.root / "history")

    @property
    def lock_file(self) -> Path:
        return self.root / ".lock"

    @property
    def incoming(self) -> Path:
        return self.root / "incoming"

    def incoming_folder(self, nct_id: str) -> Path:
        return self.incoming / nct_id

    def batch_folder(self, batch_number: int) -> Path:
        return self.root / "batches" / f"{batch_number:06d}"

    def manifest_file(self, batch_number: int) -> Path:
        return self.batch_folder(batch_number) / "manifest.json"

    def batch_numbers(self) -> list[int]:
        """Every landed batch, oldest first."""
        return sorted(int(file.parent.name) for file in (self.root / "batches").glob("*/manifest.json"))

    def manifest(self, batch_number: int) -> BatchManifest:
        """Raises LakeDamaged when the receipt cannot be read."""
        try:
            return msgspec.json.decode(self.manifest_file(batch_number).read_bytes(), type=BatchManifest)
        except (OSError, msgspec.DecodeError) as error:
            raise LakeDamaged(
                f"manifest of history batch {batch_number} is unreadable ({error}); restore it from a backup"
            ) from error

    def files(self, name: str) -> list[Path]:
        """The files of one name of every landed batch, oldest first."""
        return [self.batch_folder(number) / name for number in self.batch_numbers()]

    def require_intact(self) -> None:
        """Compare every file of every landed batch with its manifest; batches count from 1 without a gap.

        Raises:
            LakeDamaged: one is missing or differs.
        """
        numbers = self.batch_numbers()
        for number in range(1, max(numbers, default=0) + 1):
            for name, sha256 in self.manifest(number).files.items():
                file = self.batch_folder(number) / name
                if not file.exists() or sha256_of(file) != sha256:
                    raise LakeDamaged(f"{file} is not what its manifest says; restore it from a backup")

    def clear_unfinished(self) -> None:
        """Remove what a killed landing left behind."""
        for folder in (self.root / "batches").glob("*"):
            if not (folder / "manifest.json").exists():
                remove(folder)


def define_landed_tables(con: duckdb.DuckDBPyConnection, store: HistoryStore) -> None:
    """Views `landed_trials` (a trial's newest row) and `landed_versions` (never to be asked for again).

    has_gaps: that reading refused the index, or a version for which there was no answer to keep.
    """
    con.execute(f"""
        create or replace temp view landed_trials as
        with newest as (
            select * exclude (filename), parse_dirpath(filename) as batch_folder
            from ({_rows(con, store, "trials", TRIALS)})
            qualify row_number() over (partition by nct_id order by filename desc) = 1
        ),
        gaps as (
            select distinct nct_id, parse_dirpath(filename) as batch_folder, true as is_gap
            from ({_rows(con, store, "refused", REFUSED)})
            where answer_line is null
        )
        select * exclude (batch_folder, is_gap), versions_count is null or is_gap is not null as has_gaps
        from newest left join gaps using (nct_id, batch_folder)
    """)
    con.execute(f"""
        create or replace temp view landed_versions as
        select nct_id, version_number from ({_rows(con, store, "versions", VERSION_KEYS)})
        union
        select nct_id, version_number from ({_rows(con, store, "refused", REFUSED)})
        where version_number is not null and answer_line is not null
    """)


def _rows(con: duckdb.DuckDBPyConnection, store: HistoryStore, name: str, schema: pa.Schema) -> str:
    """SQL: the rows of one file of every landed batch, or none of the same columns."""
    files = [str(file) for file in store.files(f"{name}.parquet")]
    if files:
        return f"select * from read_parquet({files}, filename = true)"
    con.register(f"no_{name}", schema.append(pa.field("filename", pa.string())).empty_table())
    return f"select * from no_{name}"
