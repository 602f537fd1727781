"""Twenty and more ways in which a registry's day can be wrong, and how far each may get."""

import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from builders import Record
from faults.registries import FOR_EVER
from trialhouse.errors import RegistryChanged, RegistryUnavailable, SnapshotIncomplete, TrialhouseError
from trialhouse.local_registry.faults import Fault
from trialhouse.local_registry.generated import GeneratedRegistry

# Changes the records of the day, by id, in place.
Edit = Callable[[dict[str, Record]], None]
Patch = tuple[str, Callable[..., Any]]

GENERATED = GeneratedRegistry(size=150, days=3)
GOOD_DAY, GOOD_NEXT_DAY, CORRUPTED_DAY = GENERATED.days()
RECORDS = {
    day: {nct_id: json.loads(GENERATED.study(day, nct_id) or b"") for nct_id in GENERATED.nct_ids(day)}
    for day in GENERATED.days()
}
IDS = sorted(RECORDS[GOOD_DAY].keys() & RECORDS[CORRUPTED_DAY].keys())
IDENTIFICATION, STATUS = "identificationModule", "statusModule"


def corrupted_day(edits: Sequence[Edit]) -> list[Record]:
    """The records of the last day as the edits leave them."""
    records = deepcopy(RECORDS[CORRUPTED_DAY])
    for edit in edits:
        edit(records)
    return list(records.values())


def of_every(change: Callable[[Record], None], count: int = len(IDS)) -> Edit:
    """Change so many records."""

    def edit(records: dict[str, Record]) -> None:
        for nct_id in IDS[:count]:
            change(records[nct_id]["protocolSection"])

    return edit


def put(module: str, name: str, value: Any) -> Callable[[Record], None]:
    return lambda protocol: protocol.setdefault(module, {}).update({name: value})


# ---------- refused by the sync


@dataclass(frozen=True, slots=True)
class Refused:
    """No day is landed; the error says why."""

    name: str
    error: type[TrialhouseError]
    says: str
    faults: tuple[Fault, ...] = ()
    sync_mode: str = "full"
    patch: Patch | None = None


def _a_stranger_among_those_asked_for(answer: Callable[..., Iterator[bytes]]) -> Callable[..., Any]:
    """Of the records read in full the first has another id inside."""

    def records(registry: Any, day: Any, nct_ids: Any, fields: tuple[str, ...]) -> Iterator[bytes]:
        bodies = list(answer(registry, day, nct_ids, fields))
        if bodies and not fields:
            bodies[0] = bodies[0].replace(nct_ids[0].encode(), b"NCT99999999")
        yield from bodies

    return records


REFUSED = [
    Refused("truncated page", RegistryUnavailable, "in the middle", (Fault("cut_json", 2, FOR_EVER),)),
    Refused("body that is no JSON", RegistryChanged, "200 text/html", (Fault("html", 2),)),
    Refused("body of another shape", RegistryChanged, "not a page", (Fault("json_of_another_shape", 2),)),
    Refused("lost page", SnapshotIncomplete, "rows of", (Fault("lost_page", 2, FOR_EVER),)),
    Refused("duplicate ids", SnapshotIncomplete, "ids twice", (Fault("duplicate_id", 1, FOR_EVER),)),
    Refused("wrong totalCount", SnapshotIncomplete, "rows of", (Fault("wrong_total", 1, FOR_EVER),)),
    Refused(
        "page token twice", SnapshotIncomplete, "repeated page token", (Fault("repeated_token", 1, FOR_EVER),)
    ),
    Refused(
        "page of another version",
        SnapshotIncomplete,
        "refused a page token it gave itself",
        (Fault("expired_token", 2, FOR_EVER),),
    ),
    Refused(
        "mixed versions in one sweep",
        SnapshotIncomplete,
        "the registry moved from",
        tuple(Fault("version_moves", number) for number in (2, 4, 6)),
        "sweep",
    ),
    Refused("wrong day", SnapshotIncomplete, "asked for", (Fault("version_goes_back", 1, FOR_EVER),)),
    Refused(
        "another id inside than asked for",
        SnapshotIncomplete,
        "1 came that are not listed",
        sync_mode="sweep",
        patch=("_records", _a_stranger_among_those_asked_for),
    ),
]


# ---------- held by the gate


@dataclass(frozen=True, slots=True)
class Held:
    """The day lands and breaks exactly these rules."""

    name: str
    rules: set[str]
    edit: Edit


def _shrink(records: dict[str, Record]) -> None:
    for nct_id in IDS[:25]:
        del records[nct_id]


def _grow(records: dict[str, Record]) -> None:
    for number in range(60):
        record = deepcopy(records[IDS[number]])
        record["protocolSection"][IDENTIFICATION]["nctId"] = f"NCT98{number:06}"
        records[f"NCT98{number:06}"] = record


def _to_stub(protocol: Record) -> None:
    for module in protocol.keys() - {IDENTIFICATION}:
        del protocol[module]


def _flip_status(protocol: Record) -> None:
    status = protocol[STATUS]
    status["overallStatus"] = "COMPLETED" if status["overallStatus"] != "COMPLETED" else "RECRUITING"


def _add_white_space(protocol: Record) -> None:
    protocol[IDENTIFICATION]["briefTitle"] += "  "


def _lose_conditions(protocol: Record) -> None:
    protocol["conditionsModule"].pop("conditions", None)


def _lose_design(protocol: Record) -> None:
    protocol["designModule"] = None


def _lose_title(protocol: Record) -> None:
    del protocol[IDENTIFICATION]["briefTitle"]


FEW_CHANGED = "raw_ctgov__snapshots.few_changed"
FEW_VANISHED = "raw_ctgov__snapshots.few_vanished"
NO_FIELD_CHANGED = "raw_ctgov__changes.no_field_changed_everywhere"
NO_FIELD_VANISHED = "raw_ctgov__fields.no_field_vanished"
HELD = [
    Held("shrunken registry", {FEW_VANISHED}, _shrink),
    Held("registry with sixty strangers", {"raw_ctgov__snapshots.few_came"}, _grow),
    Held(
        "nulled module",
        {NO_FIELD_VANISHED, NO_FIELD_CHANGED, FEW_CHANGED, "raw_ctgov__studies.has_study_type"},
        of_every(_lose_design),
    ),
    Held("mass-null of one field", {NO_FIELD_VANISHED}, of_every(_lose_conditions, 40)),
    Held("stub records", {"raw_ctgov__snapshots.few_quarantined"}, of_every(_to_stub, 25)),
    Held("mass status flip", {NO_FIELD_CHANGED, FEW_CHANGED}, of_every(_flip_status, 60)),
    Held("mass white space", {NO_FIELD_CHANGED, FEW_CHANGED}, of_every(_add_white_space)),
    Held("titles lost", {"raw_ctgov__studies.has_brief_title"}, of_every(_lose_title, 5)),
    Held(
        "dates of another format",
        {"raw_ctgov__studies.post_date_is_day", FEW_CHANGED},
        of_every(put(STATUS, "lastUpdatePostDateStruct", {"date": "23 November 2026", "type": "ACTUAL"})),
    ),
]


# ---------- let through: set aside, flagged, or taken in as it is


@dataclass(frozen=True, slots=True)
class LetThrough:
    """One record of a day that goes on. says: reason of the quarantine, path of the drift, or row rule."""

    name: str
    says: str
    change: Callable[[Record], None]


SET_ASIDE = [
    LetThrough("list where an object belongs", "got `array`", put("designModule", "enrollmentInfo", [])),
    LetThrough("stub record", "a stub", _to_stub),
]
FLAGGED = [
    LetThrough("unknown module", "protocolSection.noveltyModule", put("noveltyModule", "isNovel", True)),
    LetThrough(
        "new enum value", "protocolSection.statusModule.overallStatus", put(STATUS, "overallStatus", "HALTED")
    ),
]
ROW_FLAGGED = [
    LetThrough(
        "negative enrolment",
        "enrollment_negative",
        put("designModule", "enrollmentInfo", {"count": -5, "type": "ESTIMATED"}),
    ),
    LetThrough(
        "start and completion swapped",
        "start_after_completion",
        lambda protocol: protocol[STATUS].update(
            startDateStruct={"date": "2027-05"}, completionDateStruct={"date": "2024-05"}
        ),
    ),
    LetThrough(
        "last update posted earlier than before",
        "post_date_went_back",
        put(STATUS, "lastUpdatePostDateStruct", {"date": "2001-01-01", "type": "ACTUAL"}),
    ),
]
HUGE_TITLE = LetThrough(
    "huge title",
    "A title without end. ",
    put(IDENTIFICATION, "officialTitle", "A title without end. " * 10_000),
)
LET_THROUGH = [*SET_ASIDE, *FLAGGED, *ROW_FLAGGED, HUGE_TITLE]
ID_OF = {each.name: nct_id for each, nct_id in zip(LET_THROUGH, IDS[40:], strict=False)}


def let_through(records: dict[str, Record]) -> None:
    """All that is let through, in one day, each in a record of its own."""
    for each in LET_THROUGH:
        each.change(records[ID_OF[each.name]]["protocolSection"])
