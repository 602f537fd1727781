"""Read the answers of the history interface. No I/O.

An empty answer stands for a 404 everywhere: a whole body of JSON is never empty.
"""

from dataclasses import dataclass
from datetime import date

import msgspec

from trialhouse.record_check import check_record
from trialhouse.records import RecordUnreadable


class Change(msgspec.Struct, frozen=True):
    """One line of an index; `submitted_on` is the day of submission, never the day of posting."""

    version_number: int = msgspec.field(name="version")
    submitted_on: date = msgspec.field(name="date")
    status: str | None = None
    study_type: str | None = msgspec.field(name="studyType", default=None)
    module_labels: list[str] = msgspec.field(name="moduleLabels", default_factory=list)


class _Index(msgspec.Struct):
    changes: list[Change]


class _PastVersion(msgspec.Struct):
    study: msgspec.Raw
    studyVersion: int | None = None


class IndexUnreadable(ValueError):
    """A trial's index says nothing that can be relied on; the message is the reason."""


@dataclass(frozen=True, slots=True)
class PastVersion:
    """One past version: the bytes of its record and the hash of what it says."""

    study: bytes
    content_hash: str


def read_index(body: bytes) -> list[Change]:
    """A trial's versions, oldest first; none where the registry has no history of it.

    Raises:
        IndexUnreadable: another shape, a day that is none, or versions that are not 0, 1, 2, …
    """
    if not body:
        return []
    try:
        changes = msgspec.json.decode(body, type=_Index).changes
    except (msgspec.DecodeError, RecursionError) as error:
        raise IndexUnreadable(f"not an index: {error}") from error
    changes.sort(key=lambda change: change.version_number)
    numbers = [change.version_number for change in changes]
    if numbers != list(range(len(numbers))):
        raise IndexUnreadable(f"versions are not 0 to {len(numbers) - 1}: {numbers[:100]}")
    return changes


def read_past_version(body: bytes, nct_id: str, version_number: int) -> PastVersion:
    """One version of a trial as the bytes the registry sent.

    Raises:
        RecordUnreadable: none, another trial or version than asked for, or a record that cannot be loaded.
    """
    if not body:
        raise RecordUnreadable("listed in the index, but the registry has no such version")
    try:
        answer = msgspec.json.decode(body, type=_PastVersion)
    except (msgspec.DecodeError, RecursionError) as error:
        raise RecordUnreadable(f"not a version: {error}") from error
    if answer.studyVersion not in (None, version_number):
        raise RecordUnreadable(f"the registry sent version {answer.studyVersion} instead")
    study = bytes(answer.study)
    checked = check_record(study)
    if checked.nct_id not in (None, nct_id):
        raise RecordUnreadable(f"the registry sent a record of {checked.nct_id} instead")
    if checked.reason is not None or checked.content_hash is None:
        raise RecordUnreadable(checked.reason or "no content hash")
    return PastVersion(study, checked.content_hash)
