"""The lake on disk: raw records, versions, presence, and the manifest that makes a day exist.

raw/snapshot_date=D/page-00001.jsonl.zst        records first seen with this content, byte-exact
versions/snapshot_date=D/versions.parquet       the same, typed and nested
presence/snapshot_date=D/presence.parquet       every id in the registry on D
manifests/D.json                                the receipt; no manifest, no day
incoming/                                       pages being read; nobody else looks there
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import msgspec

from trialhouse.errors import LakeDamaged, SettingsInvalid


class Manifest(msgspec.Struct, frozen=True):
    """The receipt of a snapshot; counts compare with the newest earlier day at the time of landing.

    returned: ids absent the day before but known from an earlier day.
    silent_changed: changed records whose last update post date did not move.
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

    def manifest_file(self, day: date) -> Path:
        return self.root / "manifests" / f"{day}.json"

    @property
    def incoming(self) -> Path:
        return self.root / "incoming"

    def incoming_folder(self, day: date) -> Path:
        return self.incoming / f"snapshot_date={day}"

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

    def write_manifest(self, manifest: Manifest) -> None:
        """The last act of a landing: from here on the day exists."""
        body = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        write_atomically(self.manifest_file(manifest.snapshot_date), body)

    def clear_unfinished(self, day: date) -> None:
        """Remove what a killed landing of `day` left behind."""
        for file_or_folder in (self.raw_folder(day), self.versions_file(day), self.presence_file(day)):
            remove(file_or_folder)

    def sha256_by_path(self, day: date) -> dict[str, str]:
        """Hash every file of a day, for its manifest."""
        files = sorted(self.raw_folder(day).glob("*"))
        files += [file for file in (self.versions_file(day), self.presence_file(day)) if file.exists()]
        return {str(file.relative_to(self.root)): sha256_of(file) for file in files}

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
    with unfinished.open("wb") as out:
        out.write(body)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(file)


def remove(file_or_folder: Path) -> None:
    if file_or_folder.is_dir():
        shutil.rmtree(file_or_folder)
    else:
        file_or_folder.unlink(missing_ok=True)
