"""The tricky rules of the plain reading that the marts are compared with, on records made up for them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from builders import a_study
from integration.marts_oracle import compare, lost_leaves, paths_without_column, report_text, rows_of
from integration.marts_oracle.every_field import study_with_every_field
from integration.marts_oracle.reading import ROWS_OF_MART
from integration.marts_oracle.sources import contracts, expanded
from integration.marts_oracle.values import age_in_days, full_date, number_in, p_value_in, p_value_relation

# Made by code lists or from the lake's history: no record says them.
NOT_OF_THE_RECORD = {
    "content_hash",
    "merged_into_nct_id",
    "overall_status_label",
    "overall_status_plain_label",
    "departure_type",
    "results_status",
    "quality_flags",  # test_quality_flags.py
    "quality_score",
    "registration_timing",  # test_clocks_of_trials.py
    "is_status_stale",
    "is_status_behind_dates",
    "enrollment_count_clean",
    "phase_label",
    "stop_reason",  # test_stop_reasons.py
    "unknown_due_on",  # test_results_obligations.py
    "versions_count",
    "is_in_registry",
    "is_quarantined",
    "first_snapshot_date",
    "version_holder_date",  # of the first reading: the newest record need not say it
    "last_snapshot_date",
    "departed_on",
}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.1", 0.1),
        (" -7 ", -7.0),
        (".5", 0.5),
        ("1e-3", 0.001),
        ("1,313", 1313.0),
        ("-12,345,678.9", -12345678.9),
        *[(text, None) for text in ("", "<5", "NA", "nan", "12 (3)", "0,083", "-0,083", "1,31", "1234,567")],
        (None, None),
    ],
)
def test_a_text_is_a_number_only_as_a_whole(text: str | None, number: float | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "relation", "number"),
    [
        ("< 0.001", "<", 0.001),
        (" <= .05", "<=", 0.05),
        ("0.05", None, 0.05),
        ("p<0.05", None, None),
        ("<0,001", "<", None),
        ("", None, None),
    ],
)
def test_a_p_value_is_its_sign_and_its_number(text: str, relation: str | None, number: float | None) -> None:
    assert (p_value_relation(text), p_value_in(text)) == (relation, number)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024-02", (date(2024, 2, 1), date(2024, 2, 29), "month")),
        ("2023", (date(2023, 1, 1), date(2023, 12, 31), "year")),
        ("2023-05-06", (date(2023, 5, 6), date(2023, 5, 6), "day")),
        ("2023-02-30", (None, None, None)),
        ("2023-00", (None, None, None)),
        ("May 2023", (None, None, None)),
    ],
)
def test_a_partial_date_keeps_its_text_and_both_its_ends(text: str, days: tuple[Any, ...]) -> None:
    study = a_study()
    study["protocolSection"]["statusModule"]["startDateStruct"] = {"date": text}
    row = rows_of(study)["dim_trials"][0]
    ends = tuple(row[f"start_date{part}"] for part in ("", "_last_day", "_precision"))
    assert (row["start_date_text"], ends) == (text, days)


def test_only_year_month_and_day_make_a_full_date() -> None:
    assert full_date("2023-05-06") == date(2023, 5, 6)
    assert {full_date(text) for text in ("2023-05", "2023/05/06", "2023-5-6", "-2023-05-06", "")} == {None}


def test_an_age_is_counted_in_days() -> None:
    assert age_in_days("18 Years") == 6574.5
    assert age_in_days("1 Month") == 30.4375
    assert [age_in_days(text) for text in ("N/A", "18", None)] == [None, None, None]


def test_a_class_or_category_without_numbers_keeps_one_row() -> None:
    numbers = {"groupId": "BG000", "value": "3"}
    classes = [{"title": "empty"}, {"categories": [{"title": "none"}, {"measurements": [numbers]}]}]
    study = a_study()
    study["resultsSection"] = {"baselineCharacteristicsModule": {"measures": [{"classes": classes}]}}
    places = [
        (
            row["class_number"],
            row["category_number"],
            row["measurement_number"],
            row["group_id"],
            row["value"],
        )
        for row in rows_of(study)["fct_baseline_measurements"]
    ]
    assert places == [(1, 0, 0, None, None), (2, 1, 0, None, None), (2, 2, 1, "BG000", 3.0)]


def test_denominators_say_what_they_count_for() -> None:
    denominators = [{"units": "Participants", "counts": [{"groupId": "G", "value": "1,313"}]}]
    measure = {"denoms": denominators, "classes": [{}, {"denoms": denominators}]}
    study = a_study()
    study["resultsSection"] = {
        "baselineCharacteristicsModule": {"denoms": denominators, "measures": [measure]},
        "outcomeMeasuresModule": {"outcomeMeasures": [{}, measure]},
    }
    found = [
        (row["scope"], row["measure_number"], row["class_number"], row["count"])
        for row in rows_of(study)["fct_result_denominators"]
    ]
    assert found == [
        ("BASELINE", 0, 0, 1313.0),
        ("BASELINE_MEASURE", 1, 0, 1313.0),
        ("BASELINE_CLASS", 1, 2, 1313.0),
        ("OUTCOME", 2, 0, 1313.0),
        ("OUTCOME_CLASS", 2, 2, 1313.0),
    ]


def test_a_country_is_named_once_a_list() -> None:
    study = a_study()
    study["protocolSection"]["contactsLocationsModule"] = {"locations": [{"country": "Chad"}] * 2 + [{}]}
    study["derivedSection"] = {"miscInfoModule": {"removedCountries": ["Chad", "Peru"]}}
    found = [(row["country"], row["is_removed"]) for row in rows_of(study)["fct_trial_countries"]]
    assert found == [("Chad", False), ("Chad", True), ("Peru", True)]


def test_a_text_has_no_nul_and_one_spelling() -> None:
    study = a_study()
    study["protocolSection"]["identificationModule"]["briefTitle"] = "Cafe\u0301\0"
    assert rows_of(study)["dim_trials"][0]["brief_title"] == "Caf\u00e9"


def test_every_mart_has_a_row_in_the_study_with_every_field() -> None:
    rows = rows_of(study_with_every_field())
    assert [mart for mart in ROWS_OF_MART if not rows[mart]] == []


def test_every_column_of_a_contract_is_compared_unless_no_record_says_it() -> None:
    study = study_with_every_field()
    for mart, rows in rows_of(study).items():
        keys = {column for column in contracts()[mart] if column.endswith("_key")}
        assert set(rows[0]) == set(contracts()[mart]) - keys - NOT_OF_THE_RECORD, mart


def test_a_source_is_written_out_in_full() -> None:
    assert expanded("a.{b, c.d}.[e.]f, g") == ["a.b.f", "a.b.e.f", "a.c.d.f", "a.c.d.e.f", "g"]


def test_a_whole_module_is_the_source_of_none_of_its_leaves() -> None:
    leaf = "protocolSection.identificationModule.briefTitle"
    unknown = "protocolSection.identificationModule.unheardOf"
    assert paths_without_column([leaf, unknown, "protocolSection.identificationModule"]) == [
        unknown,
        "protocolSection.identificationModule",
    ]


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse that holds the study with every field, as it must."""
    with duckdb.connect() as con:
        con.execute("create schema marts; create schema personal")
        for mart, rows in rows_of(study_with_every_field()).items():
            schema = "personal" if mart == "fct_trial_contacts" else "marts"
            types = {column: contracts()[mart][column]["data_type"] for column in rows[0]}
            columns = ", ".join(f'"{column}" {data_type}' for column, data_type in types.items())
            con.execute(f"create table {schema}.{mart} ({columns})")
            places = ", ".join("?" * len(types))
            con.executemany(f"insert into {schema}.{mart} values ({places})", [[*r.values()] for r in rows])
        yield con


def test_a_warehouse_that_says_what_the_record_says_differs_nowhere(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    study = study_with_every_field()
    reports = compare(warehouse, [study])
    assert [report for report in reports if report.rows_different] == []
    rows = sum(report.rows_expected for report in reports)
    assert report_text(reports).splitlines()[-1].split()[:2] == ["sum", str(rows)]
    assert lost_leaves(warehouse, [study]) == []


def test_one_wrong_value_is_one_row_that_differs_and_is_shown(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    warehouse.execute("update marts.fct_trial_sites set city = 'Elsewhere'")
    warehouse.execute("delete from marts.fct_trial_arms")
    reports = compare(warehouse, [study_with_every_field()])
    different = {report.mart: report for report in reports if report.rows_different}
    assert {mart: report.rows_different for mart, report in different.items()} == {
        "fct_trial_sites": 1,
        "fct_trial_arms": 1,
    }
    assert "NCT90000001, site_number 1: city: expected" in different["fct_trial_sites"].examples[0]
    assert "found 'Elsewhere'" in different["fct_trial_sites"].examples[0]
    assert "a row is missing" in different["fct_trial_arms"].examples[0]


def test_a_value_that_no_row_of_its_trial_holds_is_lost(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("update marts.fct_trial_sites set city = null")
    path = "protocolSection.contactsLocationsModule.locations.city"
    assert lost_leaves(warehouse, [study_with_every_field()]) == [("NCT90000001", path, f"text of {path}")]
