"""Records as no registry should send them: the damage, and what becomes of the record."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from builders import Record, a_study
from faults.registries import POSTED_TUESDAY

LARGE_TEXT = "A long story. " * 150_000


@dataclass(frozen=True, slots=True)
class Damage:
    """One damage.

    done_to: the bytes of a sound record with it. reason: why the record is set aside; empty: it is loaded.
    """

    name: str
    done_to: Callable[[Record], bytes]
    reason: str = ""


def a_changed_study(nct_id: str) -> Record:
    """What is to be read on Tuesday, before it is damaged."""
    return a_study(nct_id, statusModule__overallStatus="COMPLETED", **POSTED_TUESDAY)


def with_module(name: str, value: object) -> Callable[[Record], bytes]:
    return lambda record: as_bytes(
        {**record, "protocolSection": {**record["protocolSection"], name: value}},
    )


def with_text(json_text: bytes) -> Callable[[Record], bytes]:
    """A summary of exactly these bytes of JSON, whether or not they are any."""
    sound = with_module("descriptionModule", {"briefSummary": "SUMMARY"})
    return lambda record: sound(record).replace(b'"SUMMARY"', json_text)


def with_status_module_only(record: Record) -> bytes:
    protocol = record["protocolSection"]
    return as_bytes(
        {"protocolSection": {name: protocol[name] for name in ("identificationModule", "statusModule")}}
    )


def a_stub(record: Record) -> bytes:
    identification = record["protocolSection"]["identificationModule"]
    return as_bytes({"protocolSection": {"identificationModule": identification}})


def with_a_key_twice(record: Record) -> bytes:
    return as_bytes(record).replace(b'"overallStatus":', b'"overallStatus": "UNKNOWN", "overallStatus":')


def with_a_malformed_id(record: Record) -> bytes:
    return with_module("identificationModule", {"nctId": "NCT12", "briefTitle": "Whose?"})(record)


def as_bytes(record: Record) -> bytes:
    return json.dumps(record).encode()


LOADED = [
    Damage("missing modules", with_status_module_only),
    Damage("null module", with_module("designModule", None)),
    Damage("empty module", with_module("designModule", {})),
    Damage("NUL in text", with_text(b'"before\\u0000after"')),
    Damage("2 MB record", with_text(json.dumps(LARGE_TEXT).encode())),
    Damage("new field", with_module("noveltyModule", {"isNovel": True})),
    Damage("new enum", with_module("designModule", {"studyType": "EXPERIMENT", "phases": ["PHASE5"]})),
]
SET_ASIDE = [
    Damage("list where an object belongs", with_module("designModule", []), "got `array`"),
    Damage(
        "object where a list belongs", with_module("conditionsModule", {"conditions": {}}), "got `object`"
    ),
    Damage(
        "skeleton row that does not fit",
        with_module("designModule", {"enrollmentInfo": {"count": "forty"}}),
        "got `str`",
    ),
    Damage("fraction of a person", with_module("designModule", {"enrollmentInfo": {"count": 1.5}}), "float"),
    Damage("stub record", a_stub, "a stub"),
    Damage("null status module", with_module("statusModule", None), "a stub"),
    Damage("key twice", with_a_key_twice, "DuckDB refuses it"),
]
# Nobody can tell whose records these are, but by asking for the ids that are missing.
NAMELESS = [
    Damage("lone surrogate in text", with_text(b'"half \\ud83d of a face"'), "not JSON"),
    Damage("invalid UTF-8", with_text(b'"caf\xe9"'), "not JSON"),
    Damage("raw NUL byte", with_text(b'"before\x00after"'), "not JSON"),
    Damage("malformed id", with_a_malformed_id, "not an NCT id"),
    Damage("null identification", with_module("identificationModule", None), "no NCT id"),
    Damage("empty record", lambda _: b"{}", "no NCT id"),
]
DAMAGES = [*LOADED, *SET_ASIDE, *NAMELESS]
