"""`/stats/field/values`: how many studies of a day have each value of the fields the warehouse checks."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from trialhouse.local_registry.field_pieces import PATH_BY_PIECE
from trialhouse.local_registry.projection import UnknownField, path_of, split_list
from trialhouse.local_registry.source import StudySource
from trialhouse.local_registry.studies_query import BadRequest

PIECES = ("OverallStatus", "StudyType", "Phase", "LeadSponsorClass")

_PIECE_BY_PATH = {PATH_BY_PIECE[piece]: piece for piece in PIECES}


class _Status(msgspec.Struct, rename="camel"):
    overall_status: str | None = None


class _Design(msgspec.Struct, rename="camel"):
    study_type: str | None = None
    phases: tuple[str, ...] | None = None


class _LeadSponsor(msgspec.Struct, rename={"agency_class": "class"}):
    agency_class: str | None = None


class _Sponsors(msgspec.Struct, rename="camel"):
    lead_sponsor: _LeadSponsor | None = None


class _Protocol(msgspec.Struct, rename="camel"):
    status_module: _Status | None = None
    design_module: _Design | None = None
    sponsor_collaborators_module: _Sponsors | None = None


class _Study(msgspec.Struct, rename="camel"):
    protocol_section: _Protocol | None = None


_STUDY = msgspec.json.Decoder(_Study)


def pieces_asked(parameters: Mapping[str, str]) -> list[str]:
    """The pieces in `fields`, each once, named by piece or path.

    Raises:
        BadRequest: no fields, an unknown one, or one that is not counted here.
    """
    for name in parameters:
        if name != "fields":
            known = "not supported by the local registry" if name == "types" else "unknown parameter"
            raise BadRequest(f"{name} is {known}")
    if "fields" not in parameters:
        raise BadRequest("`fields` is required by the local registry")
    return list(dict.fromkeys(map(_piece, split_list(parameters["fields"]))))


def value_counts(source: StudySource, day: date) -> dict[str, dict[str, Any]]:
    """The registry's EnumStats by piece; a record that cannot be read misses every value."""
    studies = 0
    counts: dict[str, Counter[str]] = {piece: Counter() for piece in PIECES}
    present: Counter[str] = Counter()
    for nct_id in source.nct_ids(day):
        studies += 1
        for piece, values in _values(source.study(day, nct_id) or b""):
            counts[piece].update(values)
            present[piece] += bool(values)
    return {piece: _enum_stats(piece, counts[piece], studies - present[piece]) for piece in PIECES}


def _piece(field: str) -> str:
    try:
        path = path_of(field)
    except UnknownField:
        raise BadRequest(f"`fields` parameter has unknown item: {field}") from None
    if path not in _PIECE_BY_PATH:
        raise BadRequest(f"{field} is not supported by the local registry, only {', '.join(PIECES)}")
    return _PIECE_BY_PATH[path]


def _values(record: bytes) -> Iterator[tuple[str, set[str]]]:
    """The record's different values of every piece."""
    try:
        protocol = _STUDY.decode(record).protocol_section or _Protocol()
    except (msgspec.MsgspecError, RecursionError):
        protocol = _Protocol()
    design = protocol.design_module or _Design()
    sponsor = (protocol.sponsor_collaborators_module or _Sponsors()).lead_sponsor or _LeadSponsor()
    yield "OverallStatus", _set_of((protocol.status_module or _Status()).overall_status)
    yield "StudyType", _set_of(design.study_type)
    yield "Phase", set(design.phases or ())
    yield "LeadSponsorClass", _set_of(sponsor.agency_class)


def _set_of(value: str | None) -> set[str]:
    return {value} if value else set()


def _enum_stats(piece: str, counts: Counter[str], missing: int) -> dict[str, Any]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {
        "field": PATH_BY_PIECE[piece],
        "missingStudiesCount": missing,
        "piece": piece,
        "topValues": [{"studiesCount": count, "value": value} for value, count in ranked],
        "type": "ENUM",
        "uniqueValuesCount": len(counts),
    }
