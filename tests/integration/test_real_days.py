"""Nine real days and 2 901 real records through the whole road, against plain Python over the JSON."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builders import build_and_publish, home_of, real_data
from integration import oracle
from trialhouse.alerts import alert_day
from trialhouse.local_registry.replayed import ReplayedRegistry
from trialhouse.settings import Settings
from trialhouse.slack_stand_in import running_slack
from trialhouse.sync import sync_day


@dataclass(frozen=True, slots=True)
class Outcome:
    """A published home and the records it was made of."""

    settings: Settings
    days: dict[date, dict[str, oracle.Record]]
    flagged: dict[date, list[str]]
    messages: list[str]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.settings.published_file), read_only=True) as con:
            return con.execute(query).fetchall()


@contextmanager
def published(folder: Path, home: Path) -> Iterator[Outcome]:
    """Every day of a folder synced, built, published and alerted, day after day."""
    with (
        running_slack(home / "slack") as (address, messages_file),
        home_of(ReplayedRegistry(folder), home) as settings,
        pytest.MonkeyPatch.context() as patch,
    ):
        connection = f'{{"conn_type":"slackwebhook","host":"{address}/services","password":"T0/B0/X0"}}'
        patch.setenv("AIRFLOW_CONN_TRIALHOUSE_SLACK", connection)
        flagged = {}
        days = ReplayedRegistry(folder).days()
        for day in days:
            sync_day(settings, day)
            flagged[day] = build_and_publish(settings, day)
            alert_day(settings, day)
        files = {day: next(folder.glob(f"{day}.jsonl*")) for day in days}
        messages = messages_file.read_text().splitlines() if messages_file.exists() else []
        yield Outcome(settings, {day: oracle.records_of(files[day]) for day in days}, flagged, messages)


@pytest.fixture(scope="module")
def nine_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    with published(real_data("ctgov/daily"), tmp_path_factory.mktemp("nine_days")) as outcome:
        yield outcome


@pytest.fixture(scope="module")
def broad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    folder = tmp_path_factory.mktemp("broad_files")
    (folder / "2025-10-31.jsonl.gz").symlink_to(real_data("ctgov/broad-2025-10.jsonl.gz"))
    with published(folder, tmp_path_factory.mktemp("broad")) as outcome:
        yield outcome


def test_the_five_known_status_changes_are_reported_exactly(nine_days: Outcome) -> None:
    known = {
        ("2026-02-18", "NCT06754501", "RECRUITING", "ACTIVE_NOT_RECRUITING", False),
        ("2026-02-19", "NCT07011550", "RECRUITING", "SUSPENDED", False),
        ("2026-02-25", "NCT06911827", "NOT_YET_RECRUITING", "RECRUITING", False),
        ("2026-03-02", "NCT05294952", "NOT_YET_RECRUITING", "UNKNOWN", True),
        ("2026-03-02", "NCT06302556", "NOT_YET_RECRUITING", "UNKNOWN", True),
    }
    reported = nine_days.rows(
        "select snapshot_date::varchar, nct_id, before_value, after_value, is_silent"
        " from marts.fct_trial_events where event_type like 'STATUS%'"
    )
    assert set(reported) == known == oracle.status_changes(nine_days.days)
    assert len(reported) == len(known)


def test_records_entering_leaving_and_returning_are_reported_as_such(nine_days: Outcome) -> None:
    reported = nine_days.rows(
        "select snapshot_date::varchar, nct_id, event_type"
        " from marts.fct_trial_events where event_type not like 'STATUS%'"
    )
    expected = oracle.listing_events(nine_days.days)
    assert set(reported) == expected
    assert len(reported) == len(expected) == 10


def test_the_suspended_trial_is_flagged_and_delivered_once(nine_days: Outcome) -> None:
    flagged = {day: keys for day, keys in nine_days.flagged.items() if keys}
    assert list(flagged) == [date(2026, 2, 19)]
    (key,) = flagged[date(2026, 2, 19)]
    assert nine_days.rows(f"select nct_id from marts.fct_trial_events where event_key = '{key}'") == [
        ("NCT07011550",)
    ]
    assert len(nine_days.messages) == 1
    for part in ("NCT07011550", "SUSPENDED", "RECRUITING", "FDA", "first seen between 2026-02-18"):
        assert part in nine_days.messages[0]


def test_each_day_is_counted_right(nine_days: Outcome) -> None:
    counted = nine_days.rows(
        "select snapshot_date, studies_count, new_count, returned_count, changed_count, silent_changed_count,"
        " vanished_count from marts.dim_snapshots"
    )
    expected = {day: astuple(counts) for day, counts in oracle.day_counts(nine_days.days).items()}
    assert {day: tuple(counts) for day, *counts in counted} == expected


def test_status_history_is_what_the_files_say(nine_days: Outcome) -> None:
    rows = nine_days.rows(
        "select nct_id, status, previous_status, status_from, status_to, status_days, why_stopped"
        " from marts.fct_status_history"
    )
    assert set(rows) == oracle.status_stretches(nine_days.days)
    current = nine_days.rows("select nct_id from marts.fct_status_history where is_current")
    assert sorted(current) == sorted(nine_days.rows("select nct_id from marts.dim_trials"))


@pytest.mark.parametrize("fixture", ["nine_days", "broad"])
@pytest.mark.parametrize(
    ("mart", "columns", "expected"),
    [
        ("fct_trial_arms", "nct_id, arm_number, arm_label, arm_type, intervention_numbers", oracle.arms),
        (
            "fct_trial_interventions",
            "nct_id, intervention_number, intervention_type, intervention_name, arm_numbers",
            oracle.interventions,
        ),
        (
            "fct_trial_sites",
            "nct_id, site_number, facility, city, state, zip, country, site_status, latitude, longitude",
            oracle.sites,
        ),
        (
            "fct_trial_sponsors",
            "nct_id, sponsor_number, sponsor_role, sponsor_name, sponsor_class",
            oracle.sponsors,
        ),
        ("fct_trial_conditions", "nct_id, condition_number, condition_name", oracle.conditions),
    ],
)
def test_every_row_of_a_list_is_in_its_mart(
    request: pytest.FixtureRequest, fixture: str, mart: str, columns: str, expected: Any
) -> None:
    outcome: Outcome = request.getfixturevalue(fixture)
    rows = [_hashable(row) for row in outcome.rows(f"select {columns} from marts.{mart}")]
    wanted = expected(oracle.newest_records(outcome.days).values())
    assert set(rows) == wanted
    assert len(rows) == len(wanted)


def _hashable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)


@pytest.mark.parametrize("fixture", ["nine_days", "broad"])
@pytest.mark.parametrize(
    ("mart", "name_parts", "expected"),
    [
        ("dim_sponsors", lambda row: oracle.normalised(row[3]), oracle.sponsors),
        ("dim_conditions", lambda row: oracle.normalised(row[2]), oracle.conditions),
        (
            "dim_interventions",
            lambda row: row[3] and (row[2], oracle.normalised(row[3])),
            oracle.interventions,
        ),
        ("dim_sites", lambda row: oracle.place(row), oracle.sites),
    ],
)
def test_a_dimension_has_one_row_a_real_thing(
    request: pytest.FixtureRequest, fixture: str, mart: str, name_parts: Any, expected: Any
) -> None:
    outcome: Outcome = request.getfixturevalue(fixture)
    things = {name_parts(row) for row in expected(oracle.newest_records(outcome.days).values())}
    named = things - {None}  # what has no name is no row of a dimension
    assert outcome.rows(f"select count(*) from marts.{mart}") == [(len(named),)]


@pytest.mark.parametrize("fixture", ["nine_days", "broad"])
def test_single_values_of_a_trial_are_the_records(request: pytest.FixtureRequest, fixture: str) -> None:
    outcome: Outcome = request.getfixturevalue(fixture)
    rows = outcome.rows(
        "select nct_id, brief_title, overall_status, why_stopped, study_type, phases, enrollment_count,"
        " enrollment_type, start_date_text, completion_date_text, primary_completion_date_type,"
        " last_update_posted_on::varchar, arms_count, sites_count, has_results, sex, minimum_age_text,"
        " accepts_healthy_volunteers, who_masked, countries"
        " from marts.dim_trials"
    )
    newest = oracle.newest_records(outcome.days)
    assert {row[0]: row[1:] for row in rows} == {i: _single_values(r) for i, r in newest.items()}
    assert len(rows) == len(newest)


def _single_values(record: oracle.Record) -> tuple[Any, ...]:
    status, design = oracle.module(record, "statusModule"), oracle.module(record, "designModule")
    eligibility = oracle.module(record, "eligibilityModule")
    locations = oracle.module(record, "contactsLocationsModule").get("locations")
    countries = {site["country"] for site in locations if "country" in site} if locations else None
    return (
        oracle.module(record, "identificationModule").get("briefTitle"),
        status.get("overallStatus"),
        status.get("whyStopped"),
        design.get("studyType"),
        design.get("phases"),
        design.get("enrollmentInfo", {}).get("count"),
        design.get("enrollmentInfo", {}).get("type"),
        status.get("startDateStruct", {}).get("date"),
        status.get("completionDateStruct", {}).get("date"),
        status.get("primaryCompletionDateStruct", {}).get("type"),
        status.get("lastUpdatePostDateStruct", {}).get("date"),
        len(oracle.module(record, "armsInterventionsModule").get("armGroups", [])),
        len(locations or []),
        record.get("hasResults"),
        eligibility.get("sex"),
        eligibility.get("minimumAge"),
        eligibility.get("healthyVolunteers"),
        design.get("designInfo", {}).get("maskingInfo", {}).get("whoMasked"),
        None if countries is None else sorted(countries),
    )


def test_a_second_run_of_every_day_changes_nothing(nine_days: Outcome) -> None:
    everything = " union all ".join(
        f"select '{name}' as mart, md5(string_agg(row_text, '' order by row_text)) as rows_hash"
        f" from (select m::varchar as row_text from marts.{name} as m)"
        for (name,) in nine_days.rows("select table_name from duckdb_tables() where schema_name = 'marts'")
    )
    before = nine_days.rows(f"from ({everything}) order by all")
    for day in nine_days.days:
        assert not sync_day(nine_days.settings, day).landed
        assert build_and_publish(nine_days.settings, day) == nine_days.flagged[day]
        assert alert_day(nine_days.settings, day).sent == 0
    assert nine_days.rows(f"from ({everything}) order by all") == before
