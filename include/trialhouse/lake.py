"""The lake on disk: raw records, versions, presence, and the manifest that makes a day exist.

raw/snapshot_date=D/page-00001.jsonl.zst        records first seen with this content, byte-exact
raw/snapshot_date=D/quarantined.jsonl.zst       records that could not be loaded, as they came
versions/snapshot_date=D/versions.parquet       loaded records, typed and nested
presence/snapshot_date=D/presence.parquet       every id in the registry on D, and which version it had
changes/snapshot_date=D/changes.parquet         the rows of presence that differ from the day before
quarantine/snapshot_date=D/quarantine.parquet   why a record could not be loaded, and where it lies in raw
departures/snapshot_date=D/departures.parquet   what the registry said of ids that are no longer listed
descriptions/HASH.json                          how the registry described its fields or codes, canonical JSON
manifests/D.json                                the receipt; no manifest, no day
incoming/                                       pages being read; nobody else looks there
rejected/                                       readings thrown away, the newest few, for inspection
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from trialhouse.errors import LakeDamaged, SettingsInvalid
from trialhouse.registry import FieldCounts

REJECTED_KEPT = 3


class Drift(msgspec.Struct, frozen=True):
    """Something in records that this code has never met: a field, or a value of a code list.

    kind: `unknown_field` or `unknown_value`. path: registry field path, list positions left out.
    """

    kind: str
    path: str
    value: str | None
    records_count: int
    example_nct_id: str


class Manifest(msgspec.Struct, frozen=True):
    """The receipt of a snapshot; counts compare with the newest earlier day at the time of landing.

    listed: rows of the registry's listing. studies: ids present, which quarantine and artefacts make differ.
    returned: ids absent the day before but known from an earlier day.
    silent_changed: changed records whose last update post date did not move.
    vanished: ids of the day before that are present no more, whatever became of them; merged and withheld are
    among them. artefacts: ids the listing left out although the registry has them; unchecked: ids it left out
    and of which the registry said nothing clear. Both are kept.
    reread: unchanged records read again because not read for longest, the oldest of them since reread_since.
    registry_counts: the registry's own statistics of the same data version; empty where it has none.
    descriptions: hash of each description of its fields and codes that the registry gave, by name.
    files: sha256 by path relative to the lake.
    """

    snapshot_date: date
    data_timestamp: datetime
    data_timestamp_after: datetime
    api_version: str
    sync_mode: str
    total_count: int
    studies_count: int
    read_count: int
    new_count: int
    returned_count: int
    changed_count: int
    silent_changed_count: int
    vanished_count: int
    previous_snapshot_date: date | None
    files: dict[str, str]
    landed_at: datetime
    trialhouse_version: str
    listed_count: int = 0
    merged_count: int = 0
    withheld_count: int = 0
    unchecked_count: int = 0
    artefact_count: int = 0
    quarantined_count: int = 0
    unidentified_count: int = 0
    reread_count: int = 0
    reread_since: date | None = None
    drift: list[Drift] = []
    registry_counts: list[FieldCounts] = []
    descriptions: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Lake:
    """Paths and receipts below one lake folder."""

    root: Path

    def raw_folder(self, day: date) -> Path:
        return self.root / "raw" / f"snapshot_date={day}"

    def versions_file(self, day: date) -> Path:
        return self.root / "versions" / f"snapshot_date={day}" / "versions.parquet"

    def presence_file(self, day: date) -> Path:
        return self.root / "presence" / f"snapshot_date={day}" / "presence.parquet"

    def changes_file(self, day: date) -> Path:
        return self.root / "changes" / f"snapshot_date={day}" / "changes.parquet"

    def quarantine_file(self, day: date) -> Path:
        return self.root / "quarantine" / f"snapshot_date={day}" / "quarantine.parquet"

    def departures_file(self, day: date) -> Path:
        return self.root / "departures" / f"snapshot_date={day}" / "departures.parquet"

    def manifest_file(self, day: date) -> Path:
        return self.root / "manifests" / f"{day}.json"

    def description_file(self, hashed: str) -> Path:
        return self.root / "descriptions" / f"{hashed}.json"

    @property
    def incoming(self) -> Path:
        return self.root / "incoming"

    def incoming_folder(self, day: date) -> Path:
        return self.incoming / f"snapshot_date={day}"

    @property
    def pace_file(self) -> Path:
        """When the registry may be asked again, whoever asks."""
        return self.root / ".ask_again_at"

    @property
    def rejected(self) -> Path:
        return self.root / "rejected"

    def set_aside_incoming(self, reason: str) -> None:
        """Throw a reading away, but keep its pages with the reason for inspection."""
        self.incoming.mkdir(parents=True, exist_ok=True)
        self.keep_for_inspection(reason, pages=self.incoming)

    def keep_for_inspection(self, reason: str, answer: bytes = b"", *, pages: Path | None = None) -> None:
        """A reason, with the answer that nobody understood or the pages of the reading it ended."""
        kept = self.rejected / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S.%f}"
        self.rejected.mkdir(parents=True, exist_ok=True)
        if pages:
            pages.rename(kept)
        kept.mkdir(exist_ok=True)
        (kept / "reason.txt").write_text(reason + "\n")
        if answer:
            (kept / "answer.txt").write_bytes(answer)
        for older in sorted(self.rejected.iterdir())[:-REJECTED_KEPT]:
            remove(older)

    def owner(self) -> str | None:
        """The name of the registry whose records this lake holds."""
        file = self.root / "registry.txt"
        return file.read_text() if file.exists() else None

    def claim(self, registry_name: str) -> None:
        """Make this the lake of one registry for ever.

        Raises:
            SettingsInvalid: it holds another registry's records.
        """
        owner = self.owner()
        if owner is None:
            write_atomically(self.root / "registry.txt", registry_name.encode())
        elif owner != registry_name:
            raise SettingsInvalid(
                f"{self.root} holds the registry {owner!r}, not {registry_name!r}: "
                "set TRIALHOUSE_HOME to another folder, or TRIALHOUSE_REGISTRY_NAME if it is the same one"
            )

    def days(self) -> list[date]:
        """Every landed day, oldest first."""
        return sorted(date.fromisoformat(file.stem) for file in (self.root / "manifests").glob("*.json"))

    def has(self, day: date) -> bool:
        return self.manifest_file(day).exists()

    def day_before(self, day: date) -> date | None:
        """The newest landed day before `day`."""
        return max((known for known in self.days() if known < day), default=None)

    def day_after(self, day: date) -> date | None:
        """The oldest landed day after `day`."""
        return min((known for known in self.days() if known > day), default=None)

    def manifest(self, day: date) -> Manifest:
        """Raises LakeDamaged when the receipt cannot be read."""
        try:
            return msgspec.json.decode(self.manifest_file(day).read_bytes(), type=Manifest)
        except (OSError, msgspec.DecodeError) as error:
            raise LakeDamaged(
                f"manifest of {day} is unreadable ({error}); restore it from a backup"
            ) from error

    def versions_files(self, days: list[date]) -> list[Path]:
        """Version files of landed days; a day on which nothing new was seen has none."""
        return [file for day in days if (file := self.versions_file(day)).exists()]

    def require_intact(self, day: date, files: list[Path] | None = None) -> None:
        """Compare files of a day with its manifest, by default all of them.

        Raises:
            LakeDamaged: one is missing or differs.
        """
        for file in self.damaged_files(day, files):
            raise LakeDamaged(f"{file} is not what the manifest of {day} says; restore it from a backup")

    def damaged_files(self, day: date, files: list[Path] | None = None) -> Iterator[Path]:
        """Files of a day that are missing or not what its manifest says."""
        sha256_by_path = self.manifest(day).files
        for file in files or [self.root / path for path in sha256_by_path]:
            if not file.exists() or sha256_of(file) != sha256_by_path.get(str(file.relative_to(self.root))):
                yield file

    def write_manifest(self, manifest: Manifest) -> None:
        """The last act of a landing: from here on the day exists."""
        body = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        write_atomically(self.manifest_file(manifest.snapshot_date), body)

    def clear_unfinished(self, day: date) -> None:
        """Remove what a killed landing of `day` left behind."""
        for file_or_folder in (self.raw_folder(day), *self._tables(day)):
            remove(file_or_folder)

    def sha256_by_path(self, day: date) -> dict[str, str]:
        """Hash every file of a day, for its manifest, and see it safely on disk."""
        files = sorted(self.raw_folder(day).glob("*"))
        files += existing(self._tables(day))
        for file in files:
            flush_to_disk(file)
        return {str(file.relative_to(self.root)): sha256_of(file) for file in files}

    def _tables(self, day: date) -> tuple[Path, ...]:
        return (
            self.versions_file(day),
            self.presence_file(day),
            self.changes_file(day),
            self.quarantine_file(day),
            self.departures_file(day),
        )

    @contextmanager
    def writer_lock(self) -> Iterator[None]:
        """Held by the one process that may land; a second one waits."""
        with exclusive(self.root / ".writer.lock"):
            yield


@contextmanager
def exclusive(lock_file: Path) -> Iterator[None]:
    """Wait for and hold a lock that frees itself when its process ends."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    with lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sha256_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write_atomically(file: Path, body: bytes) -> None:
    """Write beside the target, then rename: readers see the old file or the whole new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with unfinished.open("wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    unfinished.replace(file)


def existing(files: Iterable[Path]) -> list[Path]:
    return [file for file in files if file.exists()]


def flush_to_disk(file: Path) -> None:
    with file.open("rb") as content:
        os.fsync(content.fileno())


def remove(file_or_folder: Path) -> None:
    if file_or_folder.is_dir():
        shutil.rmtree(file_or_folder)
    else:
        file_or_folder.unlink(missing_ok=True)
