"""Nine real days and 2 908 real records through the whole road, against plain Python over the JSON."""

from collections import Counter
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builders import build_and_publish
from integration import aact_answers, criteria_oracle, marts_oracle, oracle
from integration.aact_oracle import aact_tables, with_keys_resolved
from integration.conftest import Outcome
from integration.similar_oracle import similar_trials
from trialhouse.alerts import alert_day
from trialhouse.sync import sync_day


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
        " from marts.fct_trial_events"
        " where event_type in ('NEW_TRIAL', 'NEWLY_LISTED', 'VANISHED', 'MERGED', 'WITHHELD', 'REAPPEARED')"
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
    message, quiet = nine_days.messages
    for part in ("NCT07011550", "Recruiting", "FDA", "first seen between 2026-02-18", "Odds: of 205"):
        assert part in message
    assert "0 events, data as of 2026-03-02" in quiet


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


@pytest.mark.parametrize("fixture", ["nine_days", "broad"])
def test_every_value_of_every_record_is_in_its_mart(request: pytest.FixtureRequest, fixture: str) -> None:
    outcome: Outcome = request.getfixturevalue(fixture)
    records = list(oracle.newest_records(outcome.days).values())
    with outcome.connection() as con:
        reports = marts_oracle.compare(con, records)
        lost = marts_oracle.lost_leaves(con, records)
    print("\n" + marts_oracle.report_text(reports))
    assert len(reports) >= 26
    assert [report for report in reports if report.rows_different] == []
    assert lost == []


@pytest.mark.parametrize("fixture", ["nine_days", "broad"])
def test_criteria_are_those_of_a_reading_line_by_line(request: pytest.FixtureRequest, fixture: str) -> None:
    outcome: Outcome = request.getfixturevalue(fixture)
    texts = [criteria_oracle.text_of(*item) for item in oracle.newest_records(outcome.days).items()]
    expected = Counter(row for text in texts for row in criteria_oracle.criteria_rows(text))
    found = Counter(
        outcome.rows(
            "select nct_id, criterion_kind, criterion_role, depth, item_path, criterion_text"
            " from marts.fct_trial_criteria"
        )
    )
    assert found == expected
    whole, parsed, failures = criteria_oracle.parse_rate(texts)
    print(f"\ncriteria texts with both headings {whole}, with both lists {parsed}, without: {failures}")
    assert parsed >= 0.97 * whole > 0


@pytest.mark.parametrize("fixture", ["nine_days", "broad"])
def test_the_nearest_trials_are_those_of_the_stated_method(
    request: pytest.FixtureRequest, fixture: str
) -> None:
    outcome: Outcome = request.getfixturevalue(fixture)
    expected = similar_trials(oracle.newest_records(outcome.days).values())
    rows = outcome.rows(
        "select nct_id, similar_rank, similar_nct_id, score, reasons, is_similar_stopped,"
        " similar_overall_status in ('SUSPENDED', 'TERMINATED', 'WITHDRAWN')"
        " from marts.rpt_similar_trials"
    )
    found = {(trial, rank): (near, score, tuple(why)) for trial, rank, near, score, why, *_ in rows}
    wanted = {
        (trial, rank): neighbour
        for trial, neighbours in expected.items()
        for rank, neighbour in enumerate(neighbours, start=1)
    }
    assert len(found) == len(rows) > 0
    # The last digit of a rounded score is the library's.
    rounded: dict[Any, Any] = {
        key: (near, pytest.approx(score, abs=2e-6), why) for key, (near, score, why) in found.items()
    }
    assert rounded == wanted
    assert all(is_stopped == says_so for *_, is_stopped, says_so in rows)


def test_a_profile_has_the_words_and_lists_of_its_trial(broad: Outcome) -> None:
    assert broad.rows(
        "select count(*), count(*) filter (p.title is distinct from t.brief_title"
        "   or p.status_label is distinct from t.overall_status_plain_label"
        "   or p.enrollment_sentence not like t.enrollment_count || ' %'"
        "   or len(p.arms) <> t.arms_count or len(p.treatments) <> t.interventions_count"
        "   or len(p.sites) <> t.sites_count or len(p.similar_trials) > 10"
        "   or len(p.outcomes)"
        "     <> t.primary_outcomes_count + t.secondary_outcomes_count + t.other_outcomes_count"
        "   or p.groups_sentence not like '%' || t.arms_count || ' patient group%')"
        " from marts.rpt_trial_profile as p join marts.dim_trials as t using (nct_id)"
    ) == [(len(oracle.newest_records(broad.days)), 0)]


@pytest.mark.parametrize("fixture", ["nine_days", "broad"])
def test_every_aact_view_has_the_rows_that_its_specification_says(
    request: pytest.FixtureRequest, fixture: str
) -> None:
    outcome: Outcome = request.getfixturevalue(fixture)
    expected = aact_tables(outcome.days[max(outcome.days)].values())
    with outcome.connection() as con:
        found = {table: con.execute(f"from aact.{table}").to_arrow_table().to_pylist() for table in expected}
    wanted, given = with_keys_resolved(expected), with_keys_resolved(found)
    lines = [
        (
            table,
            wanted[table].total(),
            (wanted[table] - given[table]).total(),
            (given[table] - wanted[table]).total(),
        )
        for table in expected
    ]
    print("\naact view, rows expected, missing, too many")
    print("\n".join(f"{table:32}{rows:8}{missing:8}{extra:8}" for table, rows, missing, extra in lines))
    assert len(lines) == 45 + 1 + 18
    assert [line for line in lines if line[2] or line[3]] == []


@pytest.fixture(scope="module")
def aact_rows(broad: Outcome) -> dict[str, list[dict[str, Any]]]:
    return aact_tables(oracle.newest_records(broad.days).values())


@pytest.mark.parametrize("name", aact_answers.ANSWERS)
def test_a_published_aact_query_gives_the_right_answer(
    broad: Outcome, aact_rows: dict[str, list[dict[str, Any]]], name: str
) -> None:
    query = Path(__file__).with_name("aact_queries") / f"{name}.sql"
    with duckdb.connect() as con:
        con.execute(f"attach '{broad.settings.published_file}' as ctgov (read_only)")
        con.execute("use ctgov.aact")
        found = con.execute(query.read_text()).fetchall()
    expected = aact_answers.ANSWERS[name](aact_rows)
    assert len(found) == len(expected) > 0
    for row, wanted in zip(sorted(found, key=repr), sorted(expected, key=repr), strict=True):
        assert row == tuple(pytest.approx(value) if isinstance(value, float) else value for value in wanted)


def test_a_second_run_of_a_day_changes_nothing(nine_days: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_TRIALHOUSE_SLACK", nine_days.slack_connection)
    everything = " union all ".join(
        f"select '{name}' as mart, md5(string_agg(row_text, '' order by row_text)) as rows_hash"
        f" from (select m::varchar as row_text from marts.{name} as m)"
        for (name,) in nine_days.rows("select table_name from duckdb_tables() where schema_name = 'marts'")
    )
    before = nine_days.rows(f"from ({everything}) order by all")
    for day in nine_days.flagged:
        assert not sync_day(nine_days.settings, day).landed
        assert build_and_publish(nine_days.settings, day) == nine_days.flagged[day]
        assert alert_day(nine_days.settings, day).sent == 0
    assert nine_days.rows(f"from ({everything}) order by all") == before
