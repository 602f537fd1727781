"""The registry's history beside our snapshots where their dates do not agree, one trial each, in one home."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builders import MONDAY, TUESDAY, WEDNESDAY, MadeUpRegistry, a_study, build_and_publish, home_of
from trialhouse.cli_diff import diff_page
from trialhouse.errors import SettingsInvalid
from trialhouse.history.backfill import backfill_history
from trialhouse.history.queue import HistoryWish
from trialhouse.local_registry.past_versions import past_versions
from trialhouse.local_registry.source import PastVersion
from trialhouse.sync import sync_day

FIRST, SECOND, THIRD = date(2025, 10, 1), date(2025, 10, 10), date(2025, 10, 13)
BEFORE, SEEN = [FIRST, SECOND, THIRD], [MONDAY, TUESDAY, WEDNESDAY]
STOPPED = {"statusModule__whyStopped": "Drug supply"}
ACROSS_CLOCKS, NOT_POSTED_YET, POSTED_TOO_EARLY, QC_LATER, QC_AT_ONCE, TOGETHER, WITHOUT_START, PLAIN = (
    f"NCT9000000{number}" for number in range(1, 9)
)


def said(submitted: str, posted: str, status: str = "RECRUITING", **changes: Any) -> dict[str, Any]:
    return {
        "statusModule__lastUpdateSubmitDate": submitted,
        "statusModule__lastUpdatePostDateStruct": {"date": posted, "type": "ACTUAL"},
        "statusModule__overallStatus": status,
        **changes,
    }


def dates(start: str | None = None, completion: str | None = None, **changes: Any) -> dict[str, Any]:
    given = {"startDateStruct": (start, "ACTUAL"), "primaryCompletionDateStruct": (completion, "ESTIMATED")}
    return {
        f"statusModule__{name}": {"date": day, "type": kind} if day else None
        for name, (day, kind) in given.items()
    } | changes


REGISTERED = {
    "statusModule__studyFirstSubmitDate": "2025-12-22",
    "statusModule__studyFirstPostDateStruct": {"date": "2026-01-05", "type": "ACTUAL"},
}
SUBMITTED_IN_SEPTEMBER = {"statusModule__studyFirstSubmitDate": "2025-09-20"}
OLD = said("2025-10-01", "2025-10-02")

SAID: dict[str, dict[date, dict[str, Any]]] = {
    ACROSS_CLOCKS: {
        FIRST: OLD,
        SECOND: said("2025-10-06", "2025-10-10", "SUSPENDED", **STOPPED),
        # never read, and submitted before the version above was posted
        THIRD: said("2025-10-08", "2025-10-13", "SUSPENDED", **STOPPED, conditionsModule__keywords=["x"]),
        MONDAY: said("2026-01-02", "2026-01-05"),
    },
    NOT_POSTED_YET: {
        FIRST: OLD,
        TUESDAY: said("2025-12-29", "2026-01-06", "SUSPENDED", **STOPPED),
        WEDNESDAY: said("2025-12-30", "2026-01-07", "SUSPENDED", **STOPPED, conditionsModule__keywords=["x"]),
    },
    POSTED_TOO_EARLY: {FIRST: OLD, TUESDAY: said("2025-12-29", "2026-01-04", "SUSPENDED", **STOPPED)},
    QC_LATER: {
        MONDAY: {
            **said("2025-12-30", "2026-01-05"),
            **REGISTERED,
            "statusModule__studyFirstSubmitQcDate": "2025-12-30",
            **dates("2025-12-15"),
        },
        WEDNESDAY: {**said("2026-01-06", "2026-01-07"), **REGISTERED, **dates("2025-12-23")},
    },
    QC_AT_ONCE: {
        MONDAY: {**said("2025-12-22", "2026-01-05"), **REGISTERED, **dates("2025-12-15")},
        WEDNESDAY: {**said("2026-01-06", "2026-01-07"), **REGISTERED, **dates("2025-12-23")},
    },
    TOGETHER: {
        FIRST: said(
            "2025-09-20", "2025-10-10", **SUBMITTED_IN_SEPTEMBER, **dates("2025-09-01", "2026-06-01")
        ),
        SECOND: said(
            "2025-10-06", "2025-10-10", **SUBMITTED_IN_SEPTEMBER, **dates("2025-09-25", "2027-06-01")
        ),
        MONDAY: said(
            "2026-01-02", "2026-01-05", **SUBMITTED_IN_SEPTEMBER, **dates("2025-09-25", "2027-07-01")
        ),
    },
    WITHOUT_START: {
        FIRST: said("2025-10-01", "2025-10-02", **dates(None, "2026-06-01")),
        SECOND: said("2025-10-06", "2025-10-10", **dates("2025-09-01", "2026-06-01")),
        MONDAY: said("2026-01-02", "2026-01-05", **dates("2025-10-05", "2026-09-01")),
    },
    PLAIN: {FIRST: OLD, WEDNESDAY: said("2026-01-06", "2026-01-07", "SUSPENDED", **STOPPED)},
}
# Their versions are listed, but only those that have other outcome measures are read: none but the first.
LISTED_ONLY = (NOT_POSTED_YET, ACROSS_CLOCKS)


class RegistryOfVersions(MadeUpRegistry):
    """Its history has each distinct record once."""

    def history(self, day: date, nct_id: str) -> Sequence[PastVersion]:
        records: list[bytes] = []
        for known in self.days():
            record = self.study(known, nct_id) if known <= day else None
            if record and record not in records[-1:]:
                records.append(record)
        return past_versions(records)


def without_dates_not_given(nct_id: str, changes: dict[str, Any]) -> dict[str, Any]:
    record = a_study(nct_id, **changes)
    module = record["protocolSection"]["statusModule"]
    record["protocolSection"]["statusModule"] = {name: value for name, value in module.items() if value}
    return record


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = {
        day: [
            without_dates_not_given(nct_id, versions[max(known for known in versions if known <= day)])
            for nct_id, versions in SAID.items()
            if min(versions) <= day
        ]
        for day in BEFORE + SEEN
    }
    home = tmp_path_factory.mktemp("awkward_histories")
    with home_of(RegistryOfVersions(records), home) as settings:
        for day in SEEN:
            sync_day(settings, day)
        backfill_history(settings, HistoryWish(labels=("Study Status",), nct_ids=LISTED_ONLY))
        read = tuple(nct_id for nct_id in SAID if nct_id not in LISTED_ONLY)
        backfill_history(settings, HistoryWish(nct_ids=read))
        build_and_publish(settings, WEDNESDAY)
        return settings.published_file


def rows(file: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as con:
        return con.execute(query, values).fetchall()


def statuses(file: Path, nct_id: str) -> list[tuple[Any, ...]]:
    return rows(
        file,
        "select status, clock, status_from, why_stopped from marts.fct_status_history "
        "where nct_id = ? order by status_number",
        nct_id,
    )


def test_a_version_that_was_not_read_does_not_overrule_the_one_before_it(file: Path) -> None:
    assert statuses(file, ACROSS_CLOCKS) == [
        ("RECRUITING", "POSTED", date(2025, 10, 2), None),
        ("SUSPENDED", "POSTED", SECOND, "Drug supply"),
        ("RECRUITING", "OBSERVED", MONDAY, None),
    ]
    as_of = "select overall_status from trials_as_of(?) where nct_id = ?"
    assert rows(file, as_of, SECOND - timedelta(days=1), ACROSS_CLOCKS) == [("RECRUITING",)]


@pytest.mark.parametrize("nct_id", [NOT_POSTED_YET, POSTED_TOO_EARLY])
def test_a_version_is_not_dated_before_a_snapshot_that_shows_an_older_one(file: Path, nct_id: str) -> None:
    assert [(status, since) for status, _, since, _ in statuses(file, nct_id)] == [
        ("RECRUITING", date(2025, 10, 2)),
        ("SUSPENDED", TUESDAY),
    ]
    as_of = "select overall_status from trials_as_of(?) where nct_id = ?"
    assert rows(file, as_of, date(2026, 1, 4), nct_id) == [("RECRUITING",)]


@pytest.mark.parametrize("nct_id", [QC_LATER, QC_AT_ONCE])
def test_a_registration_is_known_by_its_quality_control_too(file: Path, nct_id: str) -> None:
    found = rows(
        file,
        "select is_registration_known, is_retroactively_prospective from marts.fct_date_moves "
        "where nct_id = ? and date_field = 'start_date'",
        nct_id,
    )
    assert found == [(True, True)]


def test_the_first_of_two_versions_posted_on_one_day_is_an_anchor(file: Path) -> None:
    found = rows(
        file,
        "select date_field, first_planned_on, days_since_first, is_retroactively_prospective "
        "from marts.fct_date_moves where nct_id = ? order by date_field, version_number",
        TOGETHER,
    )
    first = date(2026, 6, 1)
    assert found == [
        ("primary_completion_date", first, 365, False),
        ("primary_completion_date", first, 395, False),
        ("start_date", date(2025, 9, 1), 24, True),
    ]


def test_a_start_that_comes_later_is_the_anchor_of_starts(file: Path) -> None:
    found = rows(
        file,
        "select first_planned_on, launch_planned_on from marts.fct_date_moves "
        "where nct_id = ? and date_field = 'start_date' and change_type <> 'ADDED'",
        WITHOUT_START,
    )
    assert found == [(date(2025, 9, 1), date(2025, 9, 1))]


def test_the_last_two_versions_are_those_that_count(file: Path) -> None:
    with duckdb.connect(str(file), read_only=True) as con:
        page = "\n".join(diff_page(con, PLAIN))
        assert "- RECRUITING" in page
        assert "+ SUSPENDED" in page
        with pytest.raises(SettingsInvalid, match="both versions"):
            list(diff_page(con, PLAIN, 1))
