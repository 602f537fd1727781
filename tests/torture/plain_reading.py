"""What the registry served and what the lake says of it, read by plain Python, from the bytes."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import duckdb

from trialhouse.download import read_lines
from trialhouse.lake import Lake
from trialhouse.landing import raw_page_file
from trialhouse.presence import described_presence

# Where the registry's records hold what the nightly listing asks for.
SWEPT = {
    "overall_status": "protocolSection.statusModule.overallStatus",
    "why_stopped": "protocolSection.statusModule.whyStopped",
    "status_verified_date": "protocolSection.statusModule.statusVerifiedDate",
    "start_date": "protocolSection.statusModule.startDateStruct.date",
    "primary_completion_date": "protocolSection.statusModule.primaryCompletionDateStruct.date",
    "completion_date": "protocolSection.statusModule.completionDateStruct.date",
    "last_update_submit_date": "protocolSection.statusModule.lastUpdateSubmitDate",
    "last_update_post_date": "protocolSection.statusModule.lastUpdatePostDateStruct.date",
    "lead_sponsor_name": "protocolSection.sponsorCollaboratorsModule.leadSponsor.name",
    "lead_sponsor_class": "protocolSection.sponsorCollaboratorsModule.leadSponsor.class",
    "brief_title": "protocolSection.identificationModule.briefTitle",
    "official_title": "protocolSection.identificationModule.officialTitle",
    "study_type": "protocolSection.designModule.studyType",
    "enrollment_count": "protocolSection.designModule.enrollmentInfo.count",
    "has_results": "hasResults",
}

Contents = Mapping[tuple[str, str], str]
Swept = tuple[Any, ...]


def plain_hash(body: bytes) -> str:
    """A hash of a record's content, the version holder aside."""
    record = json.loads(body)
    record.get("derivedSection", {}).get("miscInfoModule", {}).pop("versionHolder", None)
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def swept_of(body: bytes) -> Swept:
    record = json.loads(body)
    return tuple(_value_at(record, path.split(".")) for path in SWEPT.values())


def _value_at(node: Any, names: list[str]) -> Any:
    for name in names:
        node = node.get(name) if isinstance(node, dict) else None
    return as_typed_text(node)


def as_typed_text(value: Any) -> Any:
    """Text as it is typed, without NUL and in NFC; anything else as it is."""
    return unicodedata.normalize("NFC", value.replace("\0", "")) if isinstance(value, str) else value


def contents_in_lake(lake: Lake) -> dict[tuple[str, str], str]:
    """Plain hash of the raw record behind every version, by id and content hash; no version comes twice."""
    contents: dict[tuple[str, str], str] = {}
    for nct_id, content_hash, body in raw_versions(lake):
        assert json.loads(body)["protocolSection"]["identificationModule"]["nctId"] == nct_id
        assert (nct_id, content_hash) not in contents
        contents[nct_id, content_hash] = plain_hash(body)
    return contents


def raw_versions(lake: Lake) -> Iterator[tuple[str, str, bytes]]:
    """Id, content hash and raw bytes of every version of every landed day."""
    for day in lake.days():
        for file in lake.versions_files([day]):
            places = duckdb.sql(f"select nct_id, content_hash, raw_page, raw_line from '{file}'").fetchall()
            pages = {page: read_lines(raw_page_file(lake, day, page)) for _, _, page, _ in places}
            yield from ((nct_id, known, pages[page][line - 1]) for nct_id, known, page, line in places)


def listed_on(lake: Lake, day: date) -> dict[str, tuple[str, date, Swept]]:
    """Content hash, day of reading and swept values of every id present on a day."""
    rows = duckdb.sql(f"""
        select nct_id, listed.content_hash, present.read_on, {", ".join(SWEPT)}
        from ({described_presence(lake, day)}) as listed
        inner join '{lake.presence_file(day)}' as present using (nct_id)
    """).fetchall()
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: (row[1], row[2], row[3:]) for row in rows}


def departures_on(lake: Lake, day: date) -> set[tuple[Any, ...]]:
    """(id, absent on, type, merged into) as a day's landing wrote them down."""
    file = lake.departures_file(day)
    if not file.exists():
        return set()
    rows = duckdb.sql(
        f"select nct_id, absent_on, departure_type, merged_into_nct_id from '{file}'"
    ).fetchall()
    assert len(set(rows)) == len(rows)
    return set(rows)
