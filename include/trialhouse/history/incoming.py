"""The answers about one trial that are on disk but not landed yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from trialhouse.history.answers import IndexUnreadable, read_index
from trialhouse.history.asking import Asker
from trialhouse.history.plan import wanted_versions
from trialhouse.history.queue import QueuedTrial
from trialhouse.history.store import HistoryStore
from trialhouse.lake import remove, write_atomically


class Asked(msgspec.Struct, frozen=True):
    """What the lake knew of a trial when its index was asked for, and when that was."""

    listed_content_hash: str | None
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class IncomingTrial:
    """One trial's folder; an empty file is a 404."""

    folder: Path

    @property
    def nct_id(self) -> str:
        return self.folder.name

    @property
    def index_file(self) -> Path:
        return self.folder / "index.json"

    def version_file(self, version_number: int) -> Path:
        return self.folder / f"version-{version_number:04d}.json"

    @property
    def asked_file(self) -> Path:
        return self.folder / "asked.json"

    def asked(self) -> Asked | None:
        if not self.asked_file.exists():
            return None
        return msgspec.json.decode(self.asked_file.read_bytes(), type=Asked)

    def begin(self, listed_content_hash: str | None) -> Asked:
        """Believe the index on disk only if the record has not changed since; past versions never do."""
        asked = self.asked()
        if asked is None or asked.listed_content_hash != listed_content_hash:
            remove(self.index_file)
            asked = Asked(listed_content_hash, datetime.now(UTC).replace(tzinfo=None))
            write_atomically(self.asked_file, msgspec.json.encode(asked))
        return asked


@dataclass(frozen=True, slots=True)
class FetchedTrial:
    """A trial whose answers are on disk; refused: why one is not, by version, `None` for the index."""

    incoming: IncomingTrial
    asked: Asked
    refused: Mapping[int | None, str]


def fetch_trial(
    asker: Asker, store: HistoryStore, trial: QueuedTrial, labels: tuple[str, ...]
) -> FetchedTrial:
    """Ask for a trial's index and its wanted versions, as far as neither disk nor lake has them.

    Once the asker has enough it asks for no more of the trial: what it refused then keeps the trial undone.
    """
    incoming = IncomingTrial(store.incoming_folder(trial.nct_id))
    refused = dict[int | None, str]()
    fetched = FetchedTrial(incoming, incoming.begin(trial.listed_content_hash), refused)
    if not incoming.index_file.exists():
        reason = asker.fetch(incoming.index_file, trial.nct_id)
        if reason is not None:
            refused[None] = reason
            return fetched
    try:
        changes = read_index(incoming.index_file.read_bytes())
    except IndexUnreadable:
        return fetched
    for version_number in wanted_versions(changes, labels):
        file = incoming.version_file(version_number)
        if asker.has_enough or version_number in trial.known_versions or file.exists():
            continue
        reason = asker.fetch(file, trial.nct_id, version_number)
        if reason is not None:
            refused[version_number] = reason
    return fetched


def begun_trials(store: HistoryStore) -> list[IncomingTrial]:
    """Every trial with something on disk."""
    return [IncomingTrial(folder) for folder in sorted(store.incoming.glob("NCT*"))]
