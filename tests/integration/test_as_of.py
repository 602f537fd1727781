"""The registry as of a day, on two clocks, against the records themselves."""

import json
import random
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from builders import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    MadeUpRegistry,
    a_study,
    build_and_publish,
    home_of,
    rows_of,
    with_status,
)
from integration import oracle
from integration.conftest import Outcome
from trialhouse.history.backfill import backfill_history
from trialhouse.history.queue import HistoryWish
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.settings import Settings
from trialhouse.sync import sync_day

HEADLINES = (
    "nct_id, overall_status, why_stopped, brief_title, lead_sponsor_name, enrollment_count,"
    " start_date_text, primary_completion_date_text, phases, conditions, sites_count"
)


def headlines(nct_id: str, record: oracle.Record) -> tuple[Any, ...]:
    """What `HEADLINES` are, read from the record by hand."""
    protocol = record["protocolSection"]
    status, design = protocol["statusModule"], protocol.get("designModule", {})
    return (
        nct_id,
        status.get("overallStatus"),
        status.get("whyStopped"),
        protocol["identificationModule"].get("briefTitle"),
        protocol["sponsorCollaboratorsModule"]["leadSponsor"].get("name"),
        design.get("enrollmentInfo", {}).get("count"),
        status.get("startDateStruct", {}).get("date"),
        status.get("primaryCompletionDateStruct", {}).get("date"),
        design.get("phases"),
        protocol.get("conditionsModule", {}).get("conditions"),
        len(protocol.get("contactsLocationsModule", {}).get("locations", [])),
    )


def registry_as_of(settings: Settings, *asked: Any) -> list[tuple[Any, ...]]:
    places = ", ".join("?" for _ in asked)
    return sorted(rows_of(settings, f"select {HEADLINES} from trials_as_of({places})", *asked))


def landed_at(settings: Settings) -> dict[date, datetime]:
    return dict(rows_of(settings, "select snapshot_date, landed_at from marts.dim_snapshots"))


def test_every_real_day_is_what_its_file_says(nine_days: Outcome) -> None:
    for day, records in nine_days.days.items():
        expected = sorted(headlines(*item) for item in records.items())
        assert registry_as_of(nine_days.settings, day) == expected


@pytest.mark.parametrize("function", ["trials", "arms", "interventions", "outcomes", "sites"])
def test_no_join_compares_every_trial_with_every_trial(nine_days: Outcome, function: str) -> None:
    """Which no result of a small registry would show, and which would take hours of the whole one."""
    ((_, plan),) = nine_days.rows(f"explain (format json) select * from {function}_as_of('2026-02-20')")
    assert "HASH_JOIN" in plan
    assert "BLOCKWISE_NL_JOIN" not in plan


def test_what_was_known_is_the_newest_day_that_had_landed(nine_days: Outcome) -> None:
    landed = landed_at(nine_days.settings)
    days = sorted(landed)
    assert sorted(landed.values()) == [landed[day] for day in days]
    for known, asked in random.Random(6).choices([(a, b) for a in days for b in days], k=12):
        expected = sorted(headlines(*item) for item in nine_days.days[min(known, asked)].items())
        assert registry_as_of(nine_days.settings, asked, landed[known]) == expected
    assert registry_as_of(nine_days.settings, days[-1], datetime(2026, 1, 1)) == []


def test_late_history_changes_what_a_day_was_and_not_what_was_known_of_it(tmp_path: Path) -> None:
    """Landed: Monday and Friday. The registry posted a pause on Tuesday and its end on Wednesday."""
    friday = date(2026, 1, 9)

    def on(day: date, status: str) -> dict[str, Any]:
        posted = {"date": day.isoformat(), "type": "ACTUAL"}
        return a_study(
            statusModule__overallStatus=status,
            statusModule__lastUpdateSubmitDate=day.isoformat(),
            statusModule__lastUpdatePostDateStruct=posted,
        )

    source = MadeUpRegistry(
        {
            date(2025, 6, 2): [on(date(2025, 6, 2), "NOT_YET_RECRUITING")],
            MONDAY: [on(date(2025, 12, 22), "RECRUITING")],
            TUESDAY: [on(TUESDAY, "SUSPENDED")],
            WEDNESDAY: [on(WEDNESDAY, "RECRUITING")],
            friday: [on(date(2026, 1, 8), "RECRUITING")],
        }
    )

    def status_on(*asked: Any) -> list[str]:
        places = ", ".join("?" for _ in asked)
        return [
            status
            for (status,) in rows_of(settings, f"select overall_status from trials_as_of({places})", *asked)
        ]

    days = (date(2025, 6, 1), date(2025, 6, 2), date(2025, 12, 22), MONDAY, TUESDAY, WEDNESDAY, friday)
    with home_of(source, tmp_path) as settings:
        for day in (MONDAY, friday):
            sync_day(settings, day)
        build_and_publish(settings, friday)
        before = {day: status_on(day) for day in days}
        known_at = landed_at(settings)[friday]
        assert before == {key: [] for key in days[:3]} | {key: ["RECRUITING"] for key in days[3:]}
        backfill_history(settings, HistoryWish(labels=("Study Status",)))
        build_and_publish(settings, friday)
        assert {day: status_on(day, known_at) for day in days} == before
        assert {day: status_on(day) for day in days} == {
            date(2025, 6, 1): [],
            date(2025, 6, 2): ["NOT_YET_RECRUITING"],
            date(2025, 12, 22): ["RECRUITING"],
            MONDAY: ["RECRUITING"],
            TUESDAY: ["SUSPENDED"],
            WEDNESDAY: ["RECRUITING"],
            friday: ["RECRUITING"],
        }
        history = rows_of(
            settings, "select status, clock, status_from from marts.fct_status_history order by all"
        )
    assert sorted(history, key=lambda row: row[2]) == [
        ("NOT_YET_RECRUITING", "POSTED", date(2025, 6, 2)),
        ("RECRUITING", "POSTED", date(2025, 12, 22)),
        ("SUSPENDED", "POSTED", TUESDAY),
        ("RECRUITING", "POSTED", WEDNESDAY),
    ]


def test_a_day_that_lands_late_was_not_known_before(tmp_path: Path) -> None:
    """Monday lands after Tuesday and Wednesday, and shows another record than they do."""
    source = MadeUpRegistry(
        {
            MONDAY: [with_status("SUSPENDED"), with_status("COMPLETED", "NCT90000002")],
            TUESDAY: [with_status("RECRUITING"), with_status("COMPLETED", "NCT90000002")],
            WEDNESDAY: [with_status("RECRUITING"), with_status("COMPLETED", "NCT90000002")],
        }
    )
    with home_of(source, tmp_path) as settings:
        for day in (TUESDAY, WEDNESDAY, MONDAY):
            sync_day(settings, day)
        build_and_publish(settings, WEDNESDAY)
        known_at = landed_at(settings)[WEDNESDAY]

        def shown_on(*asked: Any) -> list[tuple[Any, ...]]:
            places = ", ".join("?" for _ in asked)
            columns = "overall_status, clock, dated_on, brief_title is not null"
            return sorted(rows_of(settings, f"select {columns} from trials_as_of({places})", *asked))

        assert shown_on(MONDAY, known_at) == []
        for day in (TUESDAY, WEDNESDAY):
            assert shown_on(day, known_at) == [
                ("COMPLETED", "OBSERVED", TUESDAY, True),
                ("RECRUITING", "OBSERVED", TUESDAY, True),
            ]
        assert shown_on(MONDAY) == [
            ("COMPLETED", "OBSERVED", MONDAY, True),
            ("SUSPENDED", "OBSERVED", MONDAY, True),
        ]


def test_history_brings_back_no_trial_that_a_day_does_not_list(tmp_path: Path) -> None:
    """Listed on Monday and gone on Wednesday; history has a version of Tuesday. One trial was never seen."""
    friday = date(2026, 1, 9)

    def on(day: date, nct_id: str = "NCT90000001") -> dict[str, Any]:
        posted = {"date": day.isoformat(), "type": "ACTUAL"}
        return a_study(
            nct_id,
            statusModule__lastUpdateSubmitDate=day.isoformat(),
            statusModule__lastUpdatePostDateStruct=posted,
        )

    source = MadeUpRegistry(
        {
            MONDAY: [on(MONDAY), on(MONDAY, "NCT90000002"), on(MONDAY, "NCT90000003")],
            TUESDAY: [on(TUESDAY), on(MONDAY, "NCT90000002"), on(TUESDAY, "NCT90000003")],
            WEDNESDAY: [on(MONDAY, "NCT90000002")],
            friday: [on(MONDAY, "NCT90000002"), on(TUESDAY, "NCT90000003")],
        }
    )
    with home_of(source, tmp_path) as settings:
        sync_day(settings, MONDAY)
        backfilled = HistoryWish(nct_ids=("NCT90000001", "NCT90000003", "NCT90000009"))
        sync_day(settings, WEDNESDAY)
        sync_day(settings, friday)
        backfill_history(settings, backfilled)
        build_and_publish(settings, friday)
        listed = {
            day: sorted(row[0] for row in rows_of(settings, "select nct_id from trials_as_of(?)", day))
            for day in (MONDAY, TUESDAY, WEDNESDAY, friday)
        }
    everyone = ["NCT90000001", "NCT90000002", "NCT90000003"]
    assert listed == {
        MONDAY: everyone,
        TUESDAY: everyone,
        WEDNESDAY: ["NCT90000002"],
        friday: ["NCT90000002", "NCT90000003"],
    }


@pytest.fixture(scope="module")
def with_history(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Four of twelve generated days landed, and then the history of every trial."""
    source = GeneratedRegistry(size=150, days=12)
    landed = source.days()[2::3]
    with home_of(source, tmp_path_factory.mktemp("with_history")) as settings:
        for day in landed:
            sync_day(settings, day)
        build_and_publish(settings, landed[-1])
        known_at = max(landed_at(settings).values())
        before = {day: registry_as_of(settings, day) for day in source.days()}
        backfill_history(settings, HistoryWish())
        build_and_publish(settings, landed[-1])
        yield source, landed, settings, known_at, before


def test_a_landed_day_stays_what_we_saw_whatever_history_says(with_history: Any) -> None:
    source, landed, settings, _, _ = with_history
    for day in landed:
        records = {nct_id: json.loads(source.study(day, nct_id)) for nct_id in source.nct_ids(day)}
        assert registry_as_of(settings, day) == sorted(headlines(*item) for item in records.items())


def test_what_was_known_before_the_history_came_stays_so(with_history: Any) -> None:
    source, _, settings, known_at, before = with_history
    assert any(registry_as_of(settings, day) != before[day] for day in source.days())
    for day in source.days():
        assert registry_as_of(settings, day, known_at) == before[day]


def test_days_that_never_landed_are_told_by_history(with_history: Any) -> None:
    """But for what changed silently, which has no version."""
    source, landed, settings, _, _ = with_history
    between = [day for day in source.days() if landed[0] < day < landed[-1] and day not in landed]
    compared = 0
    for day in between:
        silent = {
            change.nct_id
            for past in source.days()
            if past <= day
            for change in source.changes(past)
            if change.is_silent
        }
        came_or_went = set(source.nct_ids(landed[0])) ^ set(source.nct_ids(landed[-1]))
        sure = set(source.nct_ids(day)) - silent - came_or_went
        records = {nct_id: json.loads(source.study(day, nct_id)) for nct_id in sure}
        found = [row for row in registry_as_of(settings, day) if row[0] in sure]
        assert found == sorted(headlines(*item) for item in records.items())
        compared += len(found)
    assert compared > 100


def lists_of(record: oracle.Record) -> dict[str, list[tuple[Any, ...]]]:
    """What the functions of what trials list give of a record, read from it by hand."""
    protocol = record["protocolSection"]
    treated = protocol.get("armsInterventionsModule", {})
    outcomes = protocol.get("outcomesModule", {})
    sites = protocol.get("contactsLocationsModule", {}).get("locations", [])

    def fields(item: dict[str, Any], *names: str) -> tuple[Any, ...]:
        return tuple(item.get(name) for name in names)

    return {
        "arms": [
            (number, *fields(arm, "label", "type", "description", "interventionNames"))
            for number, arm in enumerate(treated.get("armGroups", []), start=1)
        ],
        "interventions": [
            (number, *fields(item, "type", "name", "description", "otherNames", "armGroupLabels"))
            for number, item in enumerate(treated.get("interventions", []), start=1)
        ],
        "outcomes": [
            (role.upper(), number, *fields(outcome, "measure", "description", "timeFrame"))
            for role in ("primary", "secondary", "other")
            for number, outcome in enumerate(outcomes.get(f"{role}Outcomes", []), start=1)
        ],
        "sites": [
            (
                number,
                *fields(site, "facility", "city", "state", "zip", "country", "status"),
                *fields(site.get("geoPoint", {}), "lat", "lon"),
            )
            for number, site in enumerate(sites, start=1)
        ],
    }


@pytest.mark.parametrize("listed", ["arms", "interventions", "outcomes", "sites"])
def test_lists_of_every_real_day_are_what_its_file_says(nine_days: Outcome, listed: str) -> None:
    for day, records in nine_days.days.items():
        expected = [(trial, *row) for trial, record in records.items() for row in lists_of(record)[listed]]
        told = rows_of(nine_days.settings, f"select * exclude (content_hash) from {listed}_as_of(?)", day)
        assert Counter(map(repr, told)) == Counter(map(repr, expected))
        assert told
