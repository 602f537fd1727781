"""Records as bytes: cut them out of an API page, and tell whether two of them say the same. No I/O."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

from trialhouse.errors import RegistryChanged

NCT_ID = re.compile(r"NCT[0-9]{8}")

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_TOKEN = re.compile(_STRING.pattern + rb"|[{}\[\],]", re.DOTALL)
_STUDIES_KEY = re.compile(rb'"studies"\s*:\s*\Z')
_DEPTH_CHANGE = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}


class _Page(msgspec.Struct):
    studies: list[msgspec.Raw]
    nextPageToken: str | None = None
    totalCount: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of `/studies`: each study as the bytes the registry sent, on one line."""

    studies: list[bytes]
    next_page_token: str | None
    total_count: int | None


class RecordUnreadable(ValueError):
    """The bytes of one record say nothing that can be loaded; the message is the reason."""


def cut_page(body: bytes) -> Page:
    """Cut an answer of `/studies` into its studies without re-encoding them.

    One study that a strict reader refuses (a lone surrogate, 5 000 brackets) does not keep the others from
    being cut.

    Raises:
        RegistryChanged: the body is not a page of studies.
    """
    try:
        page = msgspec.json.decode(body, type=_Page)
        studies = [bytes(study) for study in page.studies]
    except msgspec.ValidationError as error:
        raise RegistryChanged(f"the registry's answer is not a page of studies: {error}", body) from error
    except (msgspec.DecodeError, RecursionError):
        page, studies = _cut_by_brackets(body)
    return Page(
        studies=[on_one_line(study) for study in studies],
        next_page_token=page.nextPageToken,
        total_count=page.totalCount,
    )


def on_one_line(study: bytes) -> bytes:
    """JSON allows line breaks only between tokens, so turning them into blanks changes no value."""
    return study.replace(b"\n", b" ").replace(b"\r", b" ")


def _cut_by_brackets(body: bytes) -> tuple[_Page, list[bytes]]:
    """The same cut by brackets, commas and strings alone, whatever stands inside a study."""
    spans = list(_study_spans(body))
    if not spans:
        raise RegistryChanged("the registry's answer is not a page of studies", body)
    envelope = body[: spans[0][0]] + body[spans[-1][1] :]
    try:
        page = msgspec.json.decode(envelope, type=_Page)
    except msgspec.DecodeError as error:
        raise RegistryChanged(f"the registry's answer is not a page of studies: {error}", body) from error
    return page, [_STRING.sub(_keep_breaks_unlawful, body[start:end].strip()) for start, end in spans]


def _keep_breaks_unlawful(text: re.Match[bytes]) -> bytes:
    """A bare line break inside text is no JSON and must not become any: another control stands for it."""
    return text[0].replace(b"\n", b"\v").replace(b"\r", b"\v")


def _study_spans(body: bytes) -> Iterator[tuple[int, int]]:
    """Where each item of the top-level list `studies` starts and ends."""
    depth, start, in_studies = 0, 0, False
    for token in _TOKEN.finditer(body):
        change = _DEPTH_CHANGE.get(token[0], 0)
        if depth == 2 and in_studies and (change == -1 or token[0] == b","):
            yield start, token.start()
            start = token.end()
        if change == 1 and depth == 1:
            in_studies = bool(_STUDIES_KEY.search(body, max(0, token.start() - 64), token.start()))
            start = token.end()
        depth += change


def is_whole_json(body: bytes) -> bool:
    """Whether the body is one JSON value to its end, even one that holds text no strict reader accepts."""
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return _closes_at_its_end(body)
    return True


def _closes_at_its_end(body: bytes) -> bool:
    """Brackets pair up and the last one ends the body."""
    open_brackets = []
    end = 0
    for token in _TOKEN.finditer(body):
        if token[0] in (b"{", b"["):
            open_brackets.append(token[0])
        elif token[0] in (b"}", b"]"):
            if not open_brackets or open_brackets.pop() != {b"}": b"{", b"]": b"["}[token[0]]:
                return False
            end = token.end()
    return not open_brackets and end > 0 and not body[end:].strip()


def read_record(study: bytes) -> dict[str, Any]:
    """Parse a record.

    Raises:
        RecordUnreadable: not JSON, or no object.
    """
    try:
        record = orjson.loads(study)
    except orjson.JSONDecodeError as error:
        raise RecordUnreadable(f"not JSON: {error}") from error
    if not isinstance(record, dict):
        raise RecordUnreadable("not an object")
    return record


def nct_id_of(record: dict[str, Any]) -> str:
    """A record's id.

    Raises:
        RecordUnreadable: it has none, or one that is not NCT and eight digits.
    """
    try:
        nct_id = record["protocolSection"]["identificationModule"]["nctId"]
    except (KeyError, TypeError) as error:
        raise RecordUnreadable("no NCT id") from error
    if not isinstance(nct_id, str) or not NCT_ID.fullmatch(nct_id):
        raise RecordUnreadable(f"not an NCT id: {str(nct_id)[:40]!r}")
    return nct_id


def content_hash(record: dict[str, Any]) -> str:
    """128-bit hash (32 hex digits) of a record's canonical JSON without `versionHolder`.

    `derivedSection.miscInfoModule.versionHolder` is the registry's data date and changes every day on every
    record. Key order and whitespace never matter.

    Raises:
        RecordUnreadable: nested deeper than any record can be.
    """
    try:
        canonical = orjson.dumps(_without_version_holder(record), option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:
        raise RecordUnreadable(f"no canonical form: {error}") from error
    return hash_of(canonical)


def hash_of(canonical: bytes) -> str:
    """The content hash of a record in canonical form."""
    return hashlib.blake2b(canonical, digest_size=16).hexdigest()


def _without_version_holder(record: dict[str, Any]) -> dict[str, Any]:
    derived = record.get("derivedSection")
    misc = derived.get("miscInfoModule") if isinstance(derived, dict) else None
    if not isinstance(derived, dict) or not isinstance(misc, dict) or "versionHolder" not in misc:
        return record
    kept = {name: value for name, value in misc.items() if name != "versionHolder"}
    return {**record, "derivedSection": {**derived, "miscInfoModule": kept}}
