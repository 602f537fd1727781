"""What the day alone makes of a trial's record: registered in time or not, a status that nobody tends."""

from pathlib import Path
from typing import Any

import pytest

from builders import MONDAY, MadeUpRegistry, a_study, build_and_publish, home_of, rows_of
from trialhouse.sync import sync_day

STATUS = "statusModule__"
ENDED = {
    f"{STATUS}primaryCompletionDateStruct": {"date": "2025-10", "type": "ACTUAL"},
    f"{STATUS}completionDateStruct": {"date": "2026-01-04", "type": "ESTIMATED"},
}


def planned(day: str, kind: str = "ESTIMATED") -> dict[str, Any]:
    return {f"{STATUS}primaryCompletionDateStruct": {"date": day, "type": kind}}


def registered(day: str, start: str) -> dict[str, Any]:
    return {
        f"{STATUS}studyFirstSubmitDate": day,
        f"{STATUS}startDateStruct": {"date": start, "type": "ACTUAL"},
    }


# Changes of a record of Monday 2026-01-05, verified in 2025-12, with registration_timing and both clocks.
CASES: list[tuple[dict[str, Any], tuple[str | None, bool, bool]]] = [
    (registered("2025-03-01", "2025-03-02"), ("PROSPECTIVE", False, False)),
    (registered("2025-03-02", "2025-03-02"), ("WITHIN_21_DAYS", False, False)),
    (registered("2025-03-23", "2025-03-02"), ("WITHIN_21_DAYS", False, False)),
    (registered("2025-03-24", "2025-03-02"), ("RETROSPECTIVE", False, False)),
    (registered("2025-03-15", "2025-03"), ("WITHIN_21_DAYS", False, False)),
    ({f"{STATUS}statusVerifiedDate": "2024-12"}, (None, True, False)),
    ({f"{STATUS}statusVerifiedDate": "2025-01"}, (None, False, False)),
    ({f"{STATUS}statusVerifiedDate": "2020-01", f"{STATUS}overallStatus": "COMPLETED"}, (None, False, False)),
    (planned("2025-12-05"), (None, True, False)),
    (planned("2025-12-06"), (None, False, False)),
    (planned("2025-11-01", "ACTUAL"), (None, False, False)),
    (ENDED, (None, False, True)),
    (ENDED | {f"{STATUS}overallStatus": "SUSPENDED"}, (None, False, True)),
    (ENDED | {f"{STATUS}overallStatus": "TERMINATED"}, (None, False, False)),
    (ENDED | planned("2026-01-05"), (None, False, False)),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    records = [a_study(f"NCT9000{number:04}", **changes) for number, (changes, _) in enumerate(CASES)]
    home: Path = tmp_path_factory.mktemp("clocks")
    with home_of(MadeUpRegistry({MONDAY: records}), home) as settings:
        sync_day(settings, MONDAY)
        build_and_publish(settings, MONDAY)
        columns = "registration_timing, is_status_stale, is_status_behind_dates"
        return rows_of(settings, f"select {columns} from marts.dim_trials order by nct_id")


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_trial_is_told_by_its_dates(found: list[tuple[Any, ...]], number: int) -> None:
    assert found[number] == CASES[number][1]
