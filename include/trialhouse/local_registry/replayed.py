"""A registry out of stored files: one file a day, holding records exactly as the API sent them."""

import gzip
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import msgspec

from trialhouse.errors import SettingsInvalid
from trialhouse.local_registry.past_versions import past_versions
from trialhouse.local_registry.source import PastVersion

DAYS_IN_MEMORY = 2

_FILE_NAME = re.compile(r"(\d{4}-\d\d-\d\d)\.jsonl?(\.gz)?")
_MALFORMED_AT = re.compile(r"\(byte (\d+)\)")


class _Document(msgspec.Struct):
    """What a file or a line may hold: a page of studies or one study."""

    studies: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET


class _Identification(msgspec.Struct, rename="camel"):
    nct_id: str
    nct_id_aliases: tuple[str, ...] = ()


class _PostDate(msgspec.Struct):
    date: str = ""


class _Status(msgspec.Struct, rename="camel"):
    last_update_submit_date: str | None = None
    last_update_post_date_struct: _PostDate = msgspec.field(default_factory=_PostDate)


class _Protocol(msgspec.Struct, rename="camel"):
    identification_module: _Identification
    status_module: _Status = msgspec.field(default_factory=_Status)


class _Study(msgspec.Struct, rename="camel"):
    protocol_section: _Protocol


_DOCUMENT = msgspec.json.Decoder(_Document)
_STUDY = msgspec.json.Decoder(_Study)


@dataclass(frozen=True, slots=True)
class _Day:
    """A file in memory."""

    records: dict[str, bytes]
    posted_on: dict[str, str]
    submitted_on: dict[str, str | None]
    aliases: dict[str, str]


class ReplayedRegistry:
    """Days from a folder of `YYYY-MM-DD.jsonl`, `.json`, or either with `.gz`.

    A file holds one study a line, one API page (`{"studies":[…]}`) a line, or one page (plain or indented).
    A file is read when its day is first asked for; the last two days read stay in memory.
    """

    def __init__(self, folder: Path) -> None:
        """Find the files.

        Raises:
            SettingsInvalid: the folder does not exist, holds no day, or holds one twice.
        """
        self._files = _files_by_day(folder)
        self._loaded: dict[date, _Day] = {}
        self._lock = threading.Lock()

    def days(self) -> list[date]:
        """Every day with a file, ascending."""
        return sorted(self._files)

    def nct_ids(self, day: date) -> Sequence[str]:
        """The ids in the order of the file."""
        return tuple(self._day(day).records)

    def study(self, day: date, nct_id: str) -> bytes | None:
        """The record's bytes as the file has them."""
        return self._day(day).records.get(nct_id)

    def posted_on(self, day: date, nct_id: str) -> str:
        """The record's last update post date."""
        return self._day(day).posted_on[nct_id]

    def aliases(self, day: date) -> Mapping[str, str]:
        """Every id in a record's `nctIdAliases`."""
        return self._day(day).aliases

    def history(self, day: date, nct_id: str) -> list[PastVersion]:
        """The records with a new submission date among the days until then."""
        if nct_id not in self._day(day).records:
            return []
        return past_versions(record for since, record in self._submissions[nct_id] if since <= day)

    @cached_property
    def _submissions(self) -> dict[str, list[tuple[date, bytes]]]:
        """Every submission of every trial with its first day; each file is read once for it."""
        found: dict[str, list[tuple[date, bytes]]] = {}
        last: dict[str, str | None] = {}
        for day in self.days():
            loaded = self._day(day)
            for nct_id, record in loaded.records.items():
                submitted_on = loaded.submitted_on[nct_id]
                if nct_id not in last or last[nct_id] != submitted_on:
                    found.setdefault(nct_id, []).append((day, record))
                    last[nct_id] = submitted_on
        return found

    def _day(self, day: date) -> _Day:
        """The day's records.

        Raises:
            SettingsInvalid: there is no such day, or its file is damaged.
        """
        with self._lock:
            if day not in self._loaded:
                if day not in self._files:
                    raise SettingsInvalid(f"there is no file for {day}")
                self._loaded[day] = _read_day(self._files[day])
                if len(self._loaded) > DAYS_IN_MEMORY:
                    del self._loaded[next(iter(self._loaded))]
            return self._loaded[day]


def _files_by_day(folder: Path) -> dict[date, Path]:
    if not folder.is_dir():
        raise SettingsInvalid(f"{folder} is not a folder of replayed days")
    files: dict[date, Path] = {}
    for path in sorted(folder.iterdir()):
        found = _FILE_NAME.fullmatch(path.name)
        if found is None:
            continue
        try:
            day = date.fromisoformat(found[1])
        except ValueError:
            raise SettingsInvalid(f"{path}: {found[1]} is not a day") from None
        if day in files:
            raise SettingsInvalid(f"{folder}: {files[day].name} and {path.name} are the same day")
        files[day] = path
    if not files:
        raise SettingsInvalid(
            f"{folder} has no file named like 2026-11-20.jsonl, .json, .jsonl.gz or .json.gz"
        )
    return files


def _read_day(path: Path) -> _Day:
    day = _Day({}, {}, {}, {})
    for line, record in _records(path, _content(path)):
        try:
            protocol = _STUDY.decode(record).protocol_section
        except msgspec.MsgspecError as error:
            raise SettingsInvalid(f"{path}, line {line}: not a study record: {error}") from None
        nct_id = protocol.identification_module.nct_id
        if nct_id in day.records:
            raise SettingsInvalid(f"{path}, line {line}: {nct_id} is in this day twice")
        day.records[nct_id] = record
        day.posted_on[nct_id] = protocol.status_module.last_update_post_date_struct.date
        day.submitted_on[nct_id] = protocol.status_module.last_update_submit_date
        day.aliases.update(dict.fromkeys(protocol.identification_module.nct_id_aliases, nct_id))
    return day


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix != ".gz":
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError) as error:
        raise SettingsInvalid(f"{path}: not a whole gzip file: {error}") from None


def _records(path: Path, content: bytes) -> Iterator[tuple[int, bytes]]:
    """Line number and bytes of every study; an indented file is one document."""
    lines = content.split(b"\n")
    if _is_json(lines[0]) or ".jsonl" in path.suffixes:
        documents = [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()]
    else:
        documents = [(1, content.strip())]
    for number, document in documents:
        try:
            studies = _DOCUMENT.decode(document).studies
        except msgspec.MsgspecError as error:
            line = number + _lines_before(document, error)
            raise SettingsInvalid(f"{path}, line {line}: not JSON of studies: {error}") from None
        if isinstance(studies, msgspec.UnsetType):
            yield number, document
        else:
            yield from ((number, bytes(study)) for study in studies)


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line)
    except msgspec.MsgspecError:
        return False
    return True


def _lines_before(document: bytes, error: Exception) -> int:
    """Line breaks before the byte an error names."""
    found = _MALFORMED_AT.search(str(error))
    return document[: int(found[1])].count(b"\n") if found else 0
