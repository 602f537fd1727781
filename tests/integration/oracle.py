"""What the marts must say, read from the JSON by plain Python, from the specification and not the SQL."""

import gzip
import json
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

Record = dict[str, Any]

TYPE_LABELS = {
    "BEHAVIORAL": "Behavioral",
    "BIOLOGICAL": "Biological",
    "COMBINATION_PRODUCT": "Combination Product",
    "DEVICE": "Device",
    "DIAGNOSTIC_TEST": "Diagnostic Test",
    "DIETARY_SUPPLEMENT": "Dietary Supplement",
    "DRUG": "Drug",
    "GENETIC": "Genetic",
    "PROCEDURE": "Procedure",
    "RADIATION": "Radiation",
    "OTHER": "Other",
}


def records_of(file: Path) -> dict[str, Record]:
    """The records of one daily file by id, without the version holder."""
    records = {}
    with gzip.open(file) as lines:
        for line in lines:
            record = json.loads(line)
            record.get("derivedSection", {}).get("miscInfoModule", {}).pop("versionHolder", None)
            records[record["protocolSection"]["identificationModule"]["nctId"]] = record
    return records


def last_day(text: str | None) -> date | None:
    """The last day that a date of the registry can mean."""
    if text is None:
        return None
    if len(text) == len("2026"):
        return date(int(text), 12, 31)
    year, month, *day = (int(part) for part in text.split("-"))
    return date(year, month, day[0] if day else monthrange(year, month)[1])


def module(record: Record, name: str) -> Record:
    found: Record = record["protocolSection"].get(name) or {}
    return found


def status_of(record: Record) -> str:
    return str(module(record, "statusModule")["overallStatus"])


def posted_on(record: Record) -> str:
    return str(module(record, "statusModule")["lastUpdatePostDateStruct"]["date"])


@dataclass(frozen=True, slots=True)
class DayCounts:
    records: int
    new: int
    returned: int
    changed: int
    silent: int
    vanished: int


def day_counts(days: dict[date, dict[str, Record]]) -> dict[date, DayCounts]:
    """Each day beside the one before it."""
    counts = {}
    seen: set[str] = set()
    before: dict[str, Record] = {}
    for day, now in sorted(days.items()):
        changed = [i for i in now.keys() & before.keys() if now[i] != before[i]]
        counts[day] = DayCounts(
            records=len(now),
            new=len(now.keys() - seen),
            returned=len((now.keys() & seen) - before.keys()),
            changed=len(changed),
            silent=sum(posted_on(now[i]) == posted_on(before[i]) for i in changed),
            vanished=len(before.keys() - now.keys()),
        )
        seen |= now.keys()
        before = now
    return counts


def listing_events(days: dict[date, dict[str, Record]]) -> set[tuple[str, str, str]]:
    """(day, id, what) for records that enter, leave and return after the first day."""
    events = set()
    seen: set[str] = set()
    before: dict[str, Record] = {}
    for day, now in sorted(days.items()):
        if before:
            events |= {(str(day), i, "VANISHED") for i in before.keys() - now.keys()}
            events |= {(str(day), i, "REAPPEARED") for i in (now.keys() & seen) - before.keys()}
            events |= {(str(day), i, _first_sight(day, now[i])) for i in now.keys() - seen}
        seen |= now.keys()
        before = now
    return events


def _first_sight(day: date, record: Record) -> str:
    posted = module(record, "statusModule").get("studyFirstPostDateStruct", {}).get("date")
    return "NEW_TRIAL" if posted and (day - date.fromisoformat(posted)).days <= 14 else "NEWLY_LISTED"


def status_changes(days: dict[date, dict[str, Record]]) -> set[tuple[str, str, str, str, bool]]:
    """(day, id, was, now, silent), against the last day the record was seen, however long ago."""
    changes = set()
    last: dict[str, Record] = {}
    for day, now in sorted(days.items()):
        for nct_id, record in now.items():
            was = last.get(nct_id)
            if was and status_of(was) != status_of(record):
                silent = posted_on(was) == posted_on(record)
                changes.add((str(day), nct_id, status_of(was), status_of(record), silent))
        last |= now
    return changes


def status_stretches(days: dict[date, dict[str, Record]]) -> set[tuple[Any, ...]]:
    """(id, status, previous, from, to, days, reason) for every unbroken stretch."""
    newest = max(days)
    stretches: dict[str, list[dict[str, Any]]] = {}
    for day, now in sorted(days.items()):
        for nct_id, record in now.items():
            of_trial = stretches.setdefault(nct_id, [])
            if not of_trial or of_trial[-1]["status"] != status_of(record):
                of_trial.append({"status": status_of(record), "from": day, "reason": None})
            of_trial[-1]["reason"] = (
                module(record, "statusModule").get("whyStopped") or of_trial[-1]["reason"]
            )
    rows = set()
    for nct_id, of_trial in stretches.items():
        for number, row in enumerate(of_trial):
            until = of_trial[number + 1]["from"] if number + 1 < len(of_trial) else None
            previous = of_trial[number - 1]["status"] if number else None
            length = ((until or newest) - row["from"]).days
            rows.add((nct_id, row["status"], previous, row["from"], until, length, row["reason"]))
    return rows


def newest_records(days: dict[date, dict[str, Record]]) -> dict[str, Record]:
    """Every record ever seen, as it was last seen."""
    newest: dict[str, Record] = {}
    for _, now in sorted(days.items()):
        newest |= now
    return newest


def normalised(name: str | None) -> str | None:
    """The documented normalisation of names."""
    if name is None:
        return None
    typographic = "‘’“”‐‑‒–—İ"  # noqa: RUF001  (İ: simple case mapping gives one letter)
    plain = name.translate(str.maketrans(typographic, "''\"\"-----i"))
    return " ".join(unicodedata.normalize("NFC", plain).lower().split())


def arms(records: Iterable[Record]) -> set[tuple[Any, ...]]:
    """(id, position, label, type, positions of the linked interventions)."""
    rows = set()
    for record in records:
        links = arm_links(record)
        for number, arm in enumerate(module(record, "armsInterventionsModule").get("armGroups", []), 1):
            linked = tuple(sorted(i for a, i in links if a == number))
            rows.add((nct_id_of(record), number, arm.get("label"), arm.get("type"), linked))
    return rows


def interventions(records: Iterable[Record]) -> set[tuple[Any, ...]]:
    """(id, position, type, name, positions of the linked arms)."""
    rows = set()
    for record in records:
        links = arm_links(record)
        for number, item in enumerate(module(record, "armsInterventionsModule").get("interventions", []), 1):
            linked = tuple(sorted(a for a, i in links if i == number))
            rows.add((nct_id_of(record), number, item.get("type"), item.get("name"), linked))
    return rows


def arm_links(record: Record) -> set[tuple[int, int]]:
    """(arm position, intervention position), named by either side; a name that several share names none."""
    parts = module(record, "armsInterventionsModule")
    items = parts.get("interventions", [])
    names = [f"{TYPE_LABELS.get(item.get('type'))}: {item.get('name')}" for item in items]
    return {
        (a, i)
        for a, arm in enumerate(parts.get("armGroups", []), 1)
        for i, (item, name) in enumerate(zip(items, names, strict=True), 1)
        if arm.get("label") in item.get("armGroupLabels", [])
        or (
            name in arm.get("interventionNames", [])
            and (names.count(name) == 1 or not item.get("armGroupLabels"))
        )
    }


def sites(records: Iterable[Record]) -> set[tuple[Any, ...]]:
    """(id, position, facility, city, state, zip, country, status, latitude, longitude)."""
    names = ("facility", "city", "state", "zip", "country", "status")
    return {
        (nct_id_of(record), number, *(site.get(name) for name in names), *_point(site))
        for record in records
        for number, site in enumerate(module(record, "contactsLocationsModule").get("locations", []), 1)
    }


def _point(site: Record) -> tuple[float | None, float | None]:
    point = site.get("geoPoint", {})
    return point.get("lat"), point.get("lon")


def place(site: tuple[Any, ...]) -> tuple[Any, ...]:
    """What makes a site of `sites` the same place as another; without a facility it is none but itself."""
    nct_id, number, facility, *where = site
    return tuple(normalised(part) for part in (facility, *where[:4])) if facility else (nct_id, number)


def sponsors(records: Iterable[Record]) -> set[tuple[Any, ...]]:
    """(id, position, role, name, class); the lead has position 0."""
    rows = set()
    for record in records:
        parts = module(record, "sponsorCollaboratorsModule")
        if lead := parts.get("leadSponsor"):
            rows.add((nct_id_of(record), 0, "lead", lead["name"], lead.get("class")))
        for number, other in enumerate(parts.get("collaborators", []), 1):
            rows.add((nct_id_of(record), number, "collaborator", other["name"], other.get("class")))
    return rows


def conditions(records: Iterable[Record]) -> set[tuple[Any, ...]]:
    """(id, position, condition)."""
    return {
        (nct_id_of(record), number, condition)
        for record in records
        for number, condition in enumerate(module(record, "conditionsModule").get("conditions", []), 1)
    }


def nct_id_of(record: Record) -> str:
    return str(module(record, "identificationModule")["nctId"])
