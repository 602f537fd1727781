"""What a person released: a rule that a day broke and that may stay as broken as it was seen then."""

from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

import msgspec

from trialhouse.errors import SettingsInvalid
from trialhouse.lake import write_atomically
from trialhouse.settings import Settings


class Release(msgspec.Struct, frozen=True):
    """A person's word on one rule of one day.

    rule: suite and rule, with a dot between. seen: hash of what the rule saw, for which alone the word holds.
    """

    snapshot_date: date
    rule: str
    seen: str
    reason: str
    person: str
    released_at: datetime


def releases_of(settings: Settings, day: date) -> list[Release]:
    """Every release of a day, oldest first."""
    file = _file(settings, day)
    return msgspec.json.decode(file.read_bytes(), type=list[Release]) if file.exists() else []


def all_releases(settings: Settings) -> list[Release]:
    """Every release of every day."""
    files = sorted(settings.gates_folder.glob("snapshot_date=*/releases.json"))
    released = (msgspec.json.decode(file.read_bytes(), type=list[Release]) for file in files)
    return list(chain.from_iterable(released))


def record_release(settings: Settings, day: date, rule: str, seen: str, reason: str, person: str) -> Release:
    """Remember what a person said; nothing said before is lost.

    Raises:
        SettingsInvalid: no reason, or nobody who gives it.
    """
    if not reason.strip() or not person.strip():
        raise SettingsInvalid("a release needs a reason and the name of the person who gives it")
    release = Release(day, rule, seen, reason.strip(), person.strip(), datetime.now(UTC))
    write_atomically(_file(settings, day), msgspec.json.encode([*releases_of(settings, day), release]))
    return release


def _file(settings: Settings, day: date) -> Path:
    return settings.gates_folder / f"snapshot_date={day}" / "releases.json"
