"""Small made-up records named by the trait they show, and a registry that serves them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from trialhouse.local_registry.faults import Fault
from trialhouse.local_registry.past_versions import past_versions
from trialhouse.local_registry.server import running
from trialhouse.local_registry.source import PastVersion
from trialhouse.settings import PROJECT, Settings, load_settings

Record = dict[str, Any]

MONDAY = date(2026, 1, 5)
TUESDAY = date(2026, 1, 6)
WEDNESDAY = date(2026, 1, 7)


def a_study(nct_id: str = "NCT90000001", *, version_holder: str | None = None, **changes: Any) -> Record:
    """A whole small record; each change is a path with `__` for dots below protocolSection, and its value."""
    record: Record = {
        "protocolSection": {
            "identificationModule": {"nctId": nct_id, "briefTitle": f"A made-up trial, {nct_id}"},
            "statusModule": {
                "overallStatus": "RECRUITING",
                "statusVerifiedDate": "2025-12",
                "startDateStruct": {"date": "2025-03", "type": "ACTUAL"},
                "studyFirstPostDateStruct": {"date": "2025-02-01", "type": "ACTUAL"},
                "lastUpdateSubmitDate": "2025-12-20",
                "lastUpdatePostDateStruct": {"date": "2025-12-22", "type": "ACTUAL"},
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Example Pharma", "class": "INDUSTRY"}},
            "conditionsModule": {"conditions": ["Hypertension"]},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": ["PHASE2"],
                "enrollmentInfo": {"count": 40, "type": "ESTIMATED"},
            },
        },
        "hasResults": False,
    }
    for path, value in changes.items():
        _put(record["protocolSection"], path.split("__"), value)
    if version_holder:
        record["derivedSection"] = {"miscInfoModule": {"versionHolder": version_holder}}
    return record


def _put(node: Record, names: list[str], value: Any) -> None:
    for name in names[:-1]:
        node = node.setdefault(name, {})
    node[names[-1]] = deepcopy(value)


def with_status(status: str, nct_id: str = "NCT90000001", **changes: Any) -> Record:
    return a_study(nct_id, statusModule__overallStatus=status, **changes)


class MadeUpRegistry:
    """A study source of given records by day; `damaged` puts bytes in the place of a record."""

    def __init__(
        self,
        records_by_day: Mapping[date, Iterable[Record]],
        *,
        damaged: Mapping[str, bytes] | None = None,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        self.bytes_by_day = {
            day: {_nct_id(record): json.dumps(record).encode() for record in records}
            for day, records in records_by_day.items()
        }
        for records in self.bytes_by_day.values():
            records.update({nct_id: body for nct_id, body in (damaged or {}).items() if nct_id in records})
        self.alias_targets = dict(aliases or {})

    def days(self) -> list[date]:
        return sorted(self.bytes_by_day)

    def nct_ids(self, day: date) -> Sequence[str]:
        return list(self.bytes_by_day[day])

    def study(self, day: date, nct_id: str) -> bytes | None:
        return self.bytes_by_day[day].get(nct_id)

    def posted_on(self, day: date, nct_id: str) -> str:
        record = json.loads(self.bytes_by_day[day][nct_id])
        return str(record["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"])

    def aliases(self, day: date) -> Mapping[str, str]:
        return self.alias_targets

    def history(self, day: date, nct_id: str) -> Sequence[PastVersion]:
        days = [known for known in self.days() if known <= day]
        return past_versions(filter(None, (self.study(known, nct_id) for known in days)))


def _nct_id(record: Record) -> str:
    return str(record["protocolSection"]["identificationModule"]["nctId"])


@contextmanager
def home_of(
    source: Any, home: Path, *, sync_mode: str = "full", faults: Sequence[Fault] = ()
) -> Iterator[Settings]:
    """Settings of a home whose registry is `source`, served over loopback, misbehaving as told."""
    with running(source, faults=faults) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIALHOUSE_HOME", str(home))
        patch.setenv("TRIALHOUSE_REGISTRY_URL", f"{address}/days/{{snapshot_date}}/api/v2")
        patch.setenv("TRIALHOUSE_SYNC_MODE", sync_mode)
        yield load_settings()


def build_and_publish(settings: Settings, day: date) -> list[str]:
    """What `ctgov_build` does, in this process; returns the flagged event keys."""
    from trialhouse import gates
    from trialhouse.publish import export_parquet, publish
    from trialhouse.warehouse import build_marts

    gates.check_raw(settings, day)
    build_marts(settings, day)
    gates.check_marts(settings, day)
    flagged = gates.flag_status_changes(settings, day)
    publish(settings)
    export_parquet(settings)
    return flagged


def real_data(path: str) -> Path:
    """A file or folder of real records, which the project does not hold; the test says so and is skipped."""
    import os

    root = Path(os.environ.get("TRIALHOUSE_REAL_DATA", PROJECT.parent / "shared" / "data"))
    if not (root / path).exists():
        pytest.skip(f"real records are not here: {root / path} (set TRIALHOUSE_REAL_DATA)")
    return root / path


def rows_of(settings: Settings, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a reader of the published file is answered."""
    import duckdb

    with duckdb.connect(str(settings.published_file), read_only=True) as con:
        return con.execute(query, list(values)).fetchall()
