"""Records as bytes: cut them out of an API page, and tell whether two of them say the same. No I/O."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

from trialhouse.errors import RegistryChanged

NCT_ID = re.compile(r"NCT\d{8}")


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


@dataclass(frozen=True, slots=True)
class RecordIdentity:
    """What a record is called and the hash of what it says."""

    nct_id: str
    content_hash: str


def cut_page(body: bytes) -> Page:
    """Cut an answer of `/studies` into its studies without re-encoding them.

    JSON allows line breaks only between tokens, so turning them into blanks changes no value.

    Raises:
        RegistryChanged: the body is not a page of studies.
    """
    try:
        page = msgspec.json.decode(body, type=_Page)
    except msgspec.DecodeError as error:
        raise RegistryChanged(f"the registry's answer is not a page of studies: {error}") from error
    return Page(
        studies=[bytes(study).replace(b"\n", b" ").replace(b"\r", b" ") for study in page.studies],
        next_page_token=page.nextPageToken,
        total_count=page.totalCount,
    )


def identify_record(study: bytes) -> RecordIdentity:
    """Read a record's id and hash its content.

    Raises:
        RegistryChanged: the bytes are not a record with a well-formed NCT id.
    """
    try:
        record = orjson.loads(study)
        nct_id = record["protocolSection"]["identificationModule"]["nctId"]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise RegistryChanged(f"a record has no readable NCT id ({error!r}): {study[:120]!r}") from error
    if not isinstance(nct_id, str) or not NCT_ID.fullmatch(nct_id):
        raise RegistryChanged(f"a record's id is not an NCT id: {nct_id!r}")
    return RecordIdentity(nct_id=nct_id, content_hash=content_hash(record))


def content_hash(record: dict[str, Any]) -> str:
    """128-bit hash (32 hex digits) of a record's canonical JSON without `versionHolder`.

    `derivedSection.miscInfoModule.versionHolder` is the registry's data date and changes every day on every
    record. Key order and whitespace never matter.
    """
    canonical = orjson.dumps(_without_version_holder(record), option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(canonical, digest_size=16).hexdigest()


def _without_version_holder(record: dict[str, Any]) -> dict[str, Any]:
    derived = record.get("derivedSection")
    misc = derived.get("miscInfoModule") if isinstance(derived, dict) else None
    if not isinstance(derived, dict) or not isinstance(misc, dict) or "versionHolder" not in misc:
        return record
    kept = {name: value for name, value in misc.items() if name != "versionHolder"}
    return {**record, "derivedSection": {**derived, "miscInfoModule": kept}}
