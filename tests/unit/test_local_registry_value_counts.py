"""Value counts, against counts made with plain Python."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import httpx
import pytest

from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.server import running
from trialhouse.local_registry.source import PastVersion

REGISTRY = GeneratedRegistry(size=120, days=2)
DAYS = REGISTRY.days()
VALUES = "/api/v2/stats/field/values"
PATHS = {
    "OverallStatus": "protocolSection.statusModule.overallStatus",
    "StudyType": "protocolSection.designModule.studyType",
    "Phase": "protocolSection.designModule.phases",
    "LeadSponsorClass": "protocolSection.sponsorCollaboratorsModule.leadSponsor.class",
}


class FewRecords:
    """One day of given bytes that counts how often a record is read."""

    def __init__(self, *records: bytes) -> None:
        self.records = {f"NCT{number:08d}": record for number, record in enumerate(records, start=1)}
        self.read = 0

    def days(self) -> list[date]:
        return DAYS

    def nct_ids(self, day: date) -> Sequence[str]:
        return list(self.records)

    def study(self, day: date, nct_id: str) -> bytes | None:
        self.read += 1
        return self.records[nct_id]

    def posted_on(self, day: date, nct_id: str) -> str:
        return ""

    def aliases(self, day: date) -> Mapping[str, str]:
        return {}

    def history(self, day: date, nct_id: str) -> Sequence[PastVersion]:
        return []


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with running(REGISTRY) as address, httpx.Client(base_url=address) as client:
        yield client


def values_of(study: Any, path: str) -> list[str]:
    for name in path.split("."):
        study = study.get(name, {})
    return ([study] if isinstance(study, str) else list(study)) if study else []


def counted(*records: bytes) -> dict[str, dict[str, Any]]:
    """The four statistics of a day with these records."""
    with running(FewRecords(*records)) as address:
        stats = httpx.get(address + VALUES, params={"fields": ",".join(PATHS)}).json()
    return {stat["piece"]: stat for stat in stats}


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("piece", PATHS)
def test_counts_are_those_of_plain_python(client: httpx.Client, piece: str, day: date) -> None:
    [stat] = client.get(f"/days/{day}{VALUES}", params={"fields": piece}).json()
    studies = [json.loads(REGISTRY.study(day, i) or b"") for i in REGISTRY.nct_ids(day)]
    values = [values_of(study, PATHS[piece]) for study in studies]
    counts = Counter(value for found in values for value in found)
    assert stat["topValues"] == [
        {"studiesCount": count, "value": value}
        for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    assert stat["missingStudiesCount"] == sum(not found for found in values)
    assert stat["uniqueValuesCount"] == len(counts)
    assert (stat["field"], stat["piece"], stat["type"]) == (PATHS[piece], piece, "ENUM")


def test_fields_answer_in_the_order_asked_each_once(client: httpx.Client) -> None:
    fields = f"Phase|{PATHS['OverallStatus']},StudyType|Phase"
    stats = client.get(VALUES, params={"fields": fields}).json()
    assert [stat["piece"] for stat in stats] == ["Phase", "OverallStatus", "StudyType"]


def test_study_with_two_phases_counts_in_both() -> None:
    study = {"protocolSection": {"designModule": {"phases": ["PHASE1", "PHASE2"]}}}
    phases = counted(json.dumps(study).encode())["Phase"]
    assert [value["studiesCount"] for value in phases["topValues"]] == [1, 1]
    assert phases["missingStudiesCount"] == 0


@pytest.mark.parametrize(
    "record",
    [b"", b"{broken", b"[]", b'{"protocolSection": null}', b'{"protocolSection": {"designModule": 1}}'],
)
def test_record_that_cannot_be_read_misses_everything(record: bytes) -> None:
    for stat in counted(record).values():
        assert (stat["missingStudiesCount"], stat["topValues"], stat["uniqueValuesCount"]) == (1, [], 0)


def test_day_is_counted_once_while_it_is_the_last_one_asked_for() -> None:
    source = FewRecords(b"{}", b"{}")
    with running(source) as address:
        for piece in PATHS:
            httpx.get(address + VALUES, params={"fields": piece})
        assert source.read == 2
        httpx.get(f"{address}/days/{DAYS[0]}{VALUES}?fields=Phase")
        httpx.get(f"{address}{VALUES}?fields=Phase")
        assert source.read == 6


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "required"),
        ("?fields=", "unknown item"),
        ("?fields=overallstatus", "unknown item: overallstatus"),
        ("?fields=Phase,EnrollmentCount", "EnrollmentCount is not supported by the local registry"),
        ("?fields=StatusModule", "not supported by the local registry"),
        ("?fields=Phase&types=ENUM", "types is not supported by the local registry"),
        ("?fields=Phase&pageSize=1", "pageSize is unknown parameter"),
    ],
)
def test_other_questions_are_refused_in_plain_text(client: httpx.Client, query: str, said: str) -> None:
    answer = client.get(VALUES + query)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert said in answer.text
