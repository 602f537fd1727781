"""What became of an id that the listing no longer holds: the registry itself is asked, by the id, at once.

301, or another id in the answer   MERGED      the record is now an alias of another one
404                                VANISHED
200, withheld or redacted          WITHHELD
200                                no departure: the listing left it out, an artefact; the record is kept
anything else, or not asked        no departure: nobody said it is gone; it is kept and asked for the next day
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from trialhouse.download import write_lines
from trialhouse.errors import RegistryChanged, RegistryUnavailable
from trialhouse.records import RecordUnreadable, nct_id_of, on_one_line, read_record
from trialhouse.registry import Answer, Registry

log = logging.getLogger(__name__)

MERGED, VANISHED, WITHHELD = "MERGED", "VANISHED", "WITHHELD"
# Found out too late to list it: the day it was missing from had landed.
ARTEFACT = "ARTEFACT"
MOST_ASKED = 200
# One record's page may be broken; a registry that does not answer so often is down.
MOST_UNANSWERED = 3
REDACTED = "[Redacted]"

DEPARTURES_SCHEMA = pa.schema(
    [
        ("nct_id", pa.string()),
        ("absent_on", pa.date32()),
        ("departure_type", pa.string()),
        ("merged_into_nct_id", pa.string()),
    ]
)
_LAST_ID = re.compile(r"NCT[0-9]{8}(?=[^/]*$)")


@dataclass(frozen=True, slots=True)
class Departure:
    """An id that the registry no longer has as a record of its own on `absent_on`."""

    nct_id: str
    absent_on: date
    departure_type: str
    merged_into_nct_id: str | None = None


@dataclass(slots=True)
class Inquiry:
    """What the registry said of a day's suspects.

    found: records it still has, by id. unchecked: ids it was not asked for, or gave no clear answer.
    """

    departures: list[Departure] = field(default_factory=list)
    found: dict[str, bytes] = field(default_factory=dict)
    unchecked: list[str] = field(default_factory=list)

    @property
    def kept(self) -> set[str]:
        """Ids that stay present although the listing lacks them."""
        return self.found.keys() | set(self.unchecked)


def inquire(registry: Registry, suspects: Iterable[str], absent_on: date) -> Inquiry:
    """Ask for each suspect by its id.

    Raises:
        RegistryUnavailable: more than MOST_UNANSWERED of them got no answer.
    """
    inquiry, unanswered = Inquiry(), 0
    for number, nct_id in enumerate(sorted(suspects)):
        if number >= MOST_ASKED:
            inquiry.unchecked.append(nct_id)
            continue
        try:
            _ask(registry, nct_id, absent_on, inquiry)
        except RegistryChanged as error:
            _leave_unchecked(inquiry, nct_id, error)
        except RegistryUnavailable as error:
            unanswered += 1
            if unanswered > MOST_UNANSWERED:
                raise
            _leave_unchecked(inquiry, nct_id, error)
    return inquiry


def _leave_unchecked(inquiry: Inquiry, nct_id: str, error: Exception) -> None:
    log.warning("no clear answer nct_id=%s error=%s", nct_id, error)
    inquiry.unchecked.append(nct_id)


def _ask(registry: Registry, nct_id: str, absent_on: date, inquiry: Inquiry) -> None:
    answer = registry.study(nct_id)
    departure = _departure(nct_id, absent_on, answer)
    if departure:
        inquiry.departures.append(departure)
    else:
        inquiry.found[nct_id] = on_one_line(answer.body)


def _departure(nct_id: str, absent_on: date, answer: Answer) -> Departure | None:
    if answer.status == 404:
        return Departure(nct_id, absent_on, VANISHED)
    if answer.status == 301:
        return Departure(nct_id, absent_on, MERGED, _target_of(answer, nct_id))
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
    status = _text_at(protocol, "statusModule", "overallStatus")
    sponsor = _text_at(protocol, "sponsorCollaboratorsModule", "leadSponsor", "name")
    return status == "WITHHELD" or sponsor == REDACTED


def _text_at(node: Any, *names: str) -> str | None:
    """A text of a record nobody has checked yet, or nothing where the path breaks off."""
    for name in names:
        node = node.get(name) if isinstance(node, dict) else None
    return node if isinstance(node, str) else None


def _target_of(answer: Answer, nct_id: str) -> str:
    target = _LAST_ID.search(answer.location or "")
    if target is None or target[0] == nct_id:
        raise RegistryChanged(f"the redirect of {nct_id} leads to no other record: {answer.location!r}")
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
