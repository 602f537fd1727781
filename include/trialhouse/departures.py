"""What became of an id that the listing no longer holds: the registry itself is asked, by the id, at once.

301, or another id in the answer   MERGED      the record is now an alias of another one
404                                VANISHED
200, withheld or redacted          WITHHELD
200                                no departure: the listing left it out, an artefact; the record is kept
not asked, there were too many     UNCHECKED   the gate holds such a day; the next one asks on
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from trialhouse.download import write_lines
from trialhouse.errors import RegistryChanged
from trialhouse.records import RecordUnreadable, nct_id_of, on_one_line, read_record
from trialhouse.registry import Answer, Registry

MERGED, VANISHED, WITHHELD, UNCHECKED = "MERGED", "VANISHED", "WITHHELD", "UNCHECKED"
# Found out too late to list it: the day it was missing from had landed.
ARTEFACT = "ARTEFACT"
MOST_ASKED = 200
REDACTED = "[Redacted]"

DEPARTURES_SCHEMA = pa.schema(
    [
        ("nct_id", pa.string()),
        ("absent_on", pa.date32()),
        ("departure_type", pa.string()),
        ("merged_into_nct_id", pa.string()),
        ("asked_at", pa.timestamp("us")),
    ]
)
_LAST_ID = re.compile(r"NCT\d{8}(?=[^/]*$)")


@dataclass(frozen=True, slots=True)
class Departure:
    """An id that the registry no longer has as a record of its own on `absent_on`."""

    nct_id: str
    absent_on: date
    departure_type: str
    merged_into_nct_id: str | None = None
    asked_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(tzinfo=None))


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What the registry said of a day's suspects; `found`: records it still has, by id."""

    departures: list[Departure]
    found: dict[str, bytes]


def inquire(registry: Registry, suspects: Iterable[str], absent_on: date) -> Inquiry:
    """Ask for each suspect by its id.

    Raises:
        RegistryChanged: an answer is neither a record, a redirect nor a 404.
    """
    departures, found = [], {}
    for number, nct_id in enumerate(sorted(suspects)):
        if number >= MOST_ASKED:
            departures.append(Departure(nct_id, absent_on, UNCHECKED))
            continue
        answer = registry.study(nct_id)
        departure = _departure(nct_id, absent_on, answer)
        if departure:
            departures.append(departure)
        else:
            found[nct_id] = on_one_line(answer.body)
    return Inquiry(departures, found)


def _departure(nct_id: str, absent_on: date, answer: Answer) -> Departure | None:
    if answer.status == 404:
        return Departure(nct_id, absent_on, VANISHED)
    if answer.status == 301:
        return Departure(nct_id, absent_on, MERGED, _target_of(answer))
    try:
        record = read_record(answer.body)
        answered = nct_id_of(record)
    except RecordUnreadable:
        return None
    if answered != nct_id:
        return Departure(nct_id, absent_on, MERGED, answered)
    return Departure(nct_id, absent_on, WITHHELD) if _is_withheld(record) else None


def _is_withheld(record: dict[str, Any]) -> bool:
    """The status says so, or the registry has blackened who runs the trial."""
    protocol = record["protocolSection"]
    status = (protocol.get("statusModule") or {}).get("overallStatus")
    sponsor = ((protocol.get("sponsorCollaboratorsModule") or {}).get("leadSponsor") or {}).get("name")
    return status == "WITHHELD" or sponsor == REDACTED


def _target_of(answer: Answer) -> str:
    target = _LAST_ID.search(answer.location or "")
    if target is None:
        raise RegistryChanged(f"a redirect leads to no record: {answer.location!r}")
    return target[0]


def departures_table(departures: list[Departure]) -> pa.Table:
    """One row a departure (DEPARTURES_SCHEMA)."""
    columns = {name: [getattr(each, name) for each in departures] for name in DEPARTURES_SCHEMA.names}
    return pa.Table.from_pydict(columns, schema=DEPARTURES_SCHEMA)


def write_found(found: dict[str, bytes], folder: Path) -> list[Path]:
    """The records that the listing left out, as one more page of records."""
    if not found:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "page-00001.jsonl.zst"
    write_lines(page, list(found.values()))
    return [page]
