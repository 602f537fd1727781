"""Decide of one record whether it can be loaded whole. What does not fit its type is refused, never bent.

DuckDB would bend: it rounds 12.5 into a whole number, turns an object into text. A record is checked here
first, strictly, and goes into quarantine whole with the reason if it does not fit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

import msgspec

from trialhouse.record_type import load_record_type
from trialhouse.records import RecordUnreadable, content_hash, nct_id_of, read_record

INT64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
SCALARS: dict[str, Any] = {"VARCHAR": str, "BOOLEAN": bool, "BIGINT": INT64, "DOUBLE": float}


@dataclass(frozen=True, slots=True)
class CheckedRecord:
    """A record and what is known of it.

    nct_id, content_hash: nothing where they cannot be told. reason: why it cannot be loaded, if it cannot.
    unknown_fields: paths of the record that its type has no place for.
    """

    nct_id: str | None
    content_hash: str | None
    reason: str | None = None
    unknown_fields: tuple[str, ...] = ()


def check_record(study: bytes) -> CheckedRecord:
    """Identify a record and say whether it fits the typed record. Never raises for what a record holds."""
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
        _strict_decoder().decode(study)
    except (msgspec.DecodeError, RecursionError):
        return _check_leniently(CheckedRecord(nct_id, hashed), study, record)
    return CheckedRecord(nct_id, hashed, _stub_reason(record))


def _check_leniently(known: CheckedRecord, study: bytes, record: dict[str, Any]) -> CheckedRecord:
    """The record holds unknown fields, or values of another type, or both."""
    try:
        _lenient_decoder().decode(study)
    except (msgspec.DecodeError, RecursionError) as error:
        return CheckedRecord(known.nct_id, known.content_hash, f"does not fit its type: {error}")
    unknown = tuple(sorted(set(_unknown_paths(record, load_record_type(), ""))))
    return CheckedRecord(known.nct_id, known.content_hash, _stub_reason(record), unknown)


def _stub_reason(record: dict[str, Any]) -> str | None:
    """Every record of the registry has a status, even a withheld one; one without is not the whole record."""
    status = record["protocolSection"].get("statusModule") or {}
    return None if status.get("overallStatus") else "a stub: it has no overall status"


def _unknown_paths(value: Any, node: Any, path: str) -> Iterator[str]:
    """Dotted paths of `value` that the type tree `node` does not hold, list positions left out."""
    if isinstance(value, list):
        for item in value:
            yield from _unknown_paths(item, node[0], path)
    elif isinstance(value, dict):
        for name, item in value.items():
            below = f"{path}.{name}" if path else name
            if name not in node:
                yield below
            elif isinstance(item, (dict, list)):
                yield from _unknown_paths(item, node[name], below)


@cache
def _strict_decoder() -> msgspec.json.Decoder[Any]:
    """Refuses unknown fields, which few records have: the quick way to know that there are none."""
    return msgspec.json.Decoder(_struct_of(load_record_type(), forbid_unknown_fields=True))


@cache
def _lenient_decoder() -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(_struct_of(load_record_type(), forbid_unknown_fields=False))


def _python_type(node: Any, *, forbid_unknown_fields: bool) -> Any:
    """The msgspec type of one node of the type tree."""
    if isinstance(node, dict):
        return _struct_of(node, forbid_unknown_fields=forbid_unknown_fields)
    if isinstance(node, list):
        return list[_python_type(node[0], forbid_unknown_fields=forbid_unknown_fields)]  # type: ignore[misc]
    return SCALARS[node]


def _struct_of(tree: dict[str, Any], *, forbid_unknown_fields: bool) -> type[msgspec.Struct]:
    """A struct in which everything may be missing or null; `class` and the like are no Python names."""
    types = [_python_type(node, forbid_unknown_fields=forbid_unknown_fields) for node in tree.values()]
    return msgspec.defstruct(
        "Node",
        [(f"field_{place}", kind | None, None) for place, kind in enumerate(types)],
        rename={f"field_{place}": name for place, name in enumerate(tree)},
        forbid_unknown_fields=forbid_unknown_fields,
    )
