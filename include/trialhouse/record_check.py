"""Decide of one record whether it can be loaded whole. What does not fit its type is refused, never bent.

DuckDB would bend: it rounds 12.5 into a whole number, turns an object into text. A record is checked here
first, strictly, and goes into quarantine whole with the reason if it does not fit.

Nearly every record fits its type and holds no field or code that is new to us. Such a record is decoded once
and its canonical form is written from what was decoded; all others are looked at slowly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from trialhouse.presence import NCT_ID_PATH
from trialhouse.record_type import load_record_enums, load_record_type
from trialhouse.records import NCT_ID, RecordUnreadable, content_hash, hash_of, nct_id_of, read_record

INT64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
SCALARS: dict[str, Any] = {"VARCHAR": str, "BOOLEAN": bool, "BIGINT": INT64, "DOUBLE": float}
# Beyond it the two JSON encoders write floats differently. A whole number stays one in the canonical form.
_PLAIN_BOUND = msgspec.Meta(ge=-(10**15), le=10**15)
_PLAIN_NUMBER = Annotated[int, _PLAIN_BOUND] | Annotated[float, _PLAIN_BOUND]
VERSION_HOLDER_PATH = "derivedSection.miscInfoModule.versionHolder"
STATUS_PATH = "protocolSection.statusModule.overallStatus"


@dataclass(frozen=True, slots=True)
class CheckedRecord:
    """A record and what is known of it.

    nct_id, content_hash: nothing where they cannot be told. reason: why it cannot be loaded, if it cannot.
    unknown_fields: paths of the record that its type has no place for. unknown_codes: path and value of each
    code that its field's code list does not hold.
    """

    nct_id: str | None
    content_hash: str | None
    reason: str | None = None
    unknown_fields: tuple[str, ...] = ()
    unknown_codes: tuple[tuple[str, str], ...] = ()


def check_record(study: bytes) -> CheckedRecord:
    """Identify a record and say whether it fits the typed record. Never raises for what a record holds."""
    try:
        record = _strict_decoder().decode(study)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _check_slowly(study)
    nct_id = _value_at(record, NCT_ID_PATH)
    if not nct_id or not NCT_ID.fullmatch(nct_id) or not _value_at(record, STATUS_PATH):
        return _check_slowly(study)
    return CheckedRecord(nct_id, hash_of(_canonical(record)))


def _check_slowly(study: bytes) -> CheckedRecord:
    """The record is unreadable, does not fit, or holds a field or code that is new to us."""
    try:
        record = read_record(study)
    except RecordUnreadable as error:
        return CheckedRecord(None, None, str(error))
    nct_id = None
    try:
        nct_id = nct_id_of(record)
        hashed = content_hash(record)
    except RecordUnreadable as error:
        return CheckedRecord(nct_id, None, str(error))
    try:
        _lenient_decoder().decode(study)
    except (msgspec.DecodeError, RecursionError) as error:
        return CheckedRecord(nct_id, hashed, f"does not fit its type: {error}")
    unknown = sorted(set(_unknown(record, load_record_type(), "")), key=str)
    fields = tuple(path for path, code in unknown if code is None)
    codes = tuple((path, code) for path, code in unknown if code is not None)
    return CheckedRecord(nct_id, hashed, _stub_reason(record), fields, codes)


def _stub_reason(record: dict[str, Any]) -> str | None:
    """Every record of the registry has a status, even a withheld one; one without is not the whole record."""
    status = record["protocolSection"].get("statusModule") or {}
    return None if status.get("overallStatus") else "a stub: it has no overall status"


def _unknown(value: Any, node: Any, path: str) -> Iterator[tuple[str, str | None]]:
    """Dotted paths of `value` that the type tree `node` does not hold, and codes that are in no code list.

    List positions are left out of paths.
    """
    if isinstance(value, list):
        for item in value:
            yield from _unknown(item, node[0], path)
    elif isinstance(value, dict):
        for name, item in value.items():
            below = f"{path}.{name}" if path else name
            if name in node:
                yield from _unknown(item, node[name], below)
            else:
                yield below, None
    elif isinstance(value, str) and value not in load_record_enums().get(path, [value]):
        yield path, value


# ---------- the record as decoded


def _canonical(record: msgspec.Struct) -> bytes:
    """The canonical form of records.content_hash: fields in order, what is missing left out, null kept."""
    above, _, name = VERSION_HOLDER_PATH.rpartition(".")
    misc = _value_at(record, above)
    if misc is not None:
        setattr(misc, _attribute(name), UNSET)
    return _encoder().encode(record)


def _value_at(record: Any, path: str) -> Any:
    """What stands at a dotted path without lists; None where the path breaks off."""
    for name in path.split("."):
        record = getattr(record, _attribute(name))
        if record is None or record is UNSET:
            return None
    return record


@cache
def _attribute(field: str) -> str:
    """`class` and the like are no Python names."""
    return f"field_{field}"


@cache
def _encoder() -> msgspec.json.Encoder:
    return msgspec.json.Encoder()


@cache
def _strict_decoder() -> msgspec.json.Decoder[Any]:
    """Refuses unknown fields and codes, which few records have: the quick way to know that there are none."""
    return msgspec.json.Decoder(_struct_of(load_record_type(), "", strict=True))


@cache
def _lenient_decoder() -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(_struct_of(load_record_type(), "", strict=False))


def _python_type(node: Any, path: str, *, strict: bool) -> Any:
    """The msgspec type of one node of the type tree."""
    if isinstance(node, dict):
        return _struct_of(node, path, strict=strict)
    if isinstance(node, list):
        return list[_python_type(node[0], path, strict=strict)]  # type: ignore[misc]
    if strict and path in load_record_enums():
        return Literal[tuple(load_record_enums()[path])]
    if strict and node == "DOUBLE":
        return _PLAIN_NUMBER
    return SCALARS[node]


def _struct_of(tree: dict[str, Any], path: str, *, strict: bool) -> type[msgspec.Struct]:
    """A struct in which everything may be missing or null; its fields in the order of their names."""
    fields = [
        (name, _python_type(tree[name], f"{path}.{name}" if path else name, strict=strict))
        for name in sorted(tree)
    ]
    return msgspec.defstruct(
        "Node",
        [(_attribute(name), kind | None | (UnsetType if strict else None), UNSET) for name, kind in fields],
        rename={_attribute(name): name for name, _ in fields},
        forbid_unknown_fields=strict,
        gc=False,
    )
