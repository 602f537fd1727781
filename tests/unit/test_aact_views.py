"""AACT's tables as views over marts of the contracts' columns, with a few rows that show a rule each."""

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from shutil import copy
from typing import Any

import duckdb
import pytest
import yaml

from trialhouse.aact_views import create_aact_views, view_files
from trialhouse.comments import write_comments
from trialhouse.data_dictionary import sections
from trialhouse.errors import BuildFailed
from trialhouse.settings import PROJECT

Con = duckdb.DuckDBPyConnection

# AACT's own tables, columns and order, with our types: written from AACT's schema, not from the views.
COLUMNS_FILE = Path(__file__).with_name("aact_columns.json")
AACT_COLUMNS: dict[str, list[list[str]]] = json.loads(COLUMNS_FILE.read_text())
TRIAL = "NCT90000001"


@cache
def contracts() -> list[tuple[str, list[dict[str, Any]]]]:
    """Every mart, schema and name, with the columns of its contract."""
    models = PROJECT / "dbt_project" / "models"
    return [
        (f"{schema}.{model['name']}", model["columns"])
        for schema in ("marts", "personal")
        for file in (models / schema).rglob("_*__models.yml")
        for model in yaml.load(file.read_text(), Loader=yaml.CSafeLoader)["models"]
    ]


def create_marts(con: Con) -> None:
    con.execute("create schema marts; create schema parts; create schema personal")
    for name, columns in contracts():
        listed = ", ".join(f"{column['name']} {column['data_type']}" for column in columns)
        con.execute(f"create table {name} ({listed})")


def create_parts(con: Con) -> None:
    """The tables behind a mart and the functions over them, which are described as such only."""
    (parts,) = (section.tables for section in sections() if section.schema == "parts")
    for part in parts:
        con.execute(f"create table parts.{part['name']} (nct_id varchar)")
    (functions,) = (section.tables for section in sections() if section.schema == "main")
    for function in functions:
        con.execute(f"create macro {function['name']}(asked) as table (select asked)")


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All marts and views, and one trial of which nothing is known."""
    file = tmp_path_factory.mktemp("aact") / "empty.duckdb"
    with duckdb.connect(str(file)) as con:
        create_marts(con)
        create_parts(con)
        create_aact_views(con)
        put(con, "dim_trials", is_in_registry=True)
    return file


@pytest.fixture
def con(empty_file: Path, tmp_path: Path) -> Iterator[Con]:
    with duckdb.connect(str(copy(empty_file, tmp_path))) as con:
        yield con


def put(con: Con, mart: str, **values: Any) -> None:
    """One row of a mart about the trial; what is not given is NULL."""
    row = {"nct_id": TRIAL, **values}
    marks = ", ".join("?" * len(row))
    con.execute(f"insert into marts.{mart} ({', '.join(row)}) values ({marks})", list(row.values()))


def rows(con: Con, query: str) -> list[Any]:
    return con.execute(query).fetchall()


def view_columns(con: Con) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    listed = rows(
        con,
        "select table_name, column_name, lower(data_type) from duckdb_columns()"
        " where schema_name = 'aact' order by table_name, column_index",
    )
    for table, column, data_type in listed:
        found.setdefault(table, []).append([column, data_type])
    return found


def test_views_have_the_tables_columns_and_order_of_aact(con: Con) -> None:
    assert len(AACT_COLUMNS) == 45 + 1 + 18
    assert view_columns(con) == AACT_COLUMNS


def test_every_column_of_every_view_is_described_and_typed() -> None:
    views = next(section.tables for section in sections() if section.schema == "aact")
    described = {
        view["name"]: [[column["name"], column["data_type"]] for column in view["columns"]] for view in views
    }
    assert described == AACT_COLUMNS
    assert {file.stem for file in view_files()} == AACT_COLUMNS.keys()
    for view in views:
        texts = [view["description"], *(column["description"] for column in view["columns"])]
        assert all(text.strip().endswith(".") for text in texts), view["name"]


def test_descriptions_are_comments_on_tables_views_and_columns(con: Con) -> None:
    write_comments(con)
    bare = rows(
        con, "from duckdb_columns() where not internal and schema_name <> 'parts' and comment is null"
    )
    bare += rows(con, "select view_name from duckdb_views() where not internal and comment is null")
    bare += rows(con, "select table_name from duckdb_tables() where not internal and comment is null")
    assert bare == []


def test_a_description_of_a_column_that_is_not_there_fails_the_build(con: Con) -> None:
    con.execute("alter table marts.dim_codes drop column origin")
    with pytest.raises(BuildFailed, match=r"describes what was not built: (?s:.*)origin"):
        write_comments(con)


def test_marts_that_lack_a_column_fail_with_the_file_of_the_view() -> None:
    with duckdb.connect() as con:
        create_marts(con)
        con.execute("alter table marts.fct_result_denominators drop column units")
        with pytest.raises(BuildFailed, match=r'dbt_project/aact/baseline_counts\.sql: (?s:.*)"units"'):
            create_aact_views(con)


def test_row_id_is_the_same_for_the_same_place_and_null_without_one(con: Con) -> None:
    (ids,) = rows(
        con,
        f"select aact.row_id('outcomes', '{TRIAL}', 3), aact.row_id('outcomes', '{TRIAL}', '3'),"
        f" aact.row_id('outcomes', '{TRIAL}', 4), aact.row_id('outcomes', '{TRIAL}', null)",
    )
    assert ids[0] == ids[1] == 6887787774748485584
    assert ids[2] != ids[0]
    assert ids[3] is None


def test_views_work_in_a_file_attached_under_another_name(empty_file: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"attach '{empty_file}' as registry (read_only)")
        assert rows(con, "select nct_id from registry.aact.studies") == [(TRIAL,)]
        con.execute("use registry.aact")
        for view in AACT_COLUMNS:
            con.execute(f"from {view}").fetchall()


def test_trial_that_left_the_registry_is_in_no_view(con: Con) -> None:
    for name, columns in contracts():
        # A list holds one empty value, so that views over lists have a row to show.
        values = ", ".join(_some_value(column) for column in columns)
        con.execute(f"insert into {name} values ({values})")
    for view in AACT_COLUMNS:
        assert rows(con, f"from aact.{view} where nct_id = 'NCT99999999'") == [], view
    con.execute("update marts.dim_trials set is_in_registry = true")
    shown = [view for view in AACT_COLUMNS if rows(con, f"from aact.{view} where nct_id = 'NCT99999999'")]
    assert len(shown) > 20


def _some_value(column: dict[str, Any]) -> str:
    if column["name"] == "nct_id":
        return "'NCT99999999'"
    data_type = str(column["data_type"])
    if data_type.endswith("[]"):
        return f"cast([null] as {data_type})"
    values = {"varchar": "'OUTCOME'", "bigint": "1", "double": "1", "boolean": "false"}
    return values.get(data_type, "null")


def _measurement(con: Con, measure: int, place: tuple[int, int, int], text: str) -> None:
    values = dict(zip(("class_number", "category_number", "measurement_number"), place, strict=True))
    put(con, "fct_baseline_measurements", measure_number=measure, group_id="BG000", value_text=text, **values)


def test_class_without_categories_is_a_row_only_where_the_first_class_has_none_either(
    con: Con,
) -> None:
    for measure in (1, 2):
        put(con, "fct_baseline_measures", measure_number=measure, measure_title=f"measure {measure}")
    for place, text in [((1, 0, 0), "a"), ((2, 1, 1), "b"), ((3, 0, 0), "c"), ((2, 2, 0), "no row")]:
        _measurement(con, 1, place, text)
    for place, text in [((1, 1, 1), "d"), ((2, 0, 0), "no row")]:
        _measurement(con, 2, place, text)
    found = rows(con, "select title, param_value from aact.baseline_measurements order by param_value")
    assert found == [("measure 1", "a"), ("measure 1", "b"), ("measure 1", "c"), ("measure 2", "d")]


def test_number_analyzed_is_of_the_class_else_the_measure_else_the_baseline_of_the_same_trial(
    con: Con,
) -> None:
    for measure, units in [(1, "Eyes"), (2, None)]:
        put(con, "fct_baseline_measures", measure_number=measure, denominator_units=units)
    for measure, class_number in [(1, 1), (1, 2), (2, 1)]:
        _measurement(con, measure, (class_number, 1, 1), f"{measure}/{class_number}")
    for scope, measure, class_number, units, count in [
        ("BASELINE", 0, 0, "Participants", 47),
        ("BASELINE", 0, 0, "Eyes", 94),
        ("BASELINE_MEASURE", 1, 0, "Eyes", 90),
        ("BASELINE_CLASS", 1, 1, "Eyes", 80),
        ("BASELINE_CLASS", 1, 1, "Participants", 40),
    ]:
        place = {"scope": scope, "measure_number": measure, "class_number": class_number}
        put(con, "fct_result_denominators", group_id="BG000", units=units, count=count, **place)
    put(
        con,
        "fct_result_denominators",
        nct_id="NCT90000002",
        scope="BASELINE",
        measure_number=0,
        class_number=0,
        group_id="BG000",
        units="Participants",
        count=128,
    )
    found = rows(
        con,
        "select param_value, number_analyzed, number_analyzed_units"
        " from aact.baseline_measurements order by 1",
    )
    assert found == [("1/1", 80, "Eyes"), ("1/2", 90, "Eyes"), ("2/1", 47, "Participants")]


def test_count_is_the_whole_text_and_a_float_column_only_a_plain_number(
    con: Con,
) -> None:
    place = {"measure_number": 1, "denominator_number": 1, "count_number": 1}
    put(con, "fct_result_denominators", scope="OUTCOME", count_text="1,313", count=1313, **place)
    put(con, "fct_result_outcomes", outcome_number=1)
    place = {"outcome_number": 1, "class_number": 1, "category_number": 1}
    for number, text, value in [(1, "1,313", 1313), (2, "1.5", 1.5), (3, "NA", None)]:
        values = {"measurement_number": number, "value_text": text, "value": value}
        put(con, "fct_outcome_measurements", **place, **values)
    assert rows(con, "select count from aact.outcome_counts") == [(1313,)]
    found = rows(con, "select param_value, param_value_num from aact.outcome_measurements order by 1")
    assert found == [("1,313", None), ("1.5", 1.5), ("NA", None)]


def test_group_is_the_one_of_the_same_outcome_or_none(con: Con) -> None:
    for outcome in (1, 2):
        put(con, "fct_result_outcomes", outcome_number=outcome)
        place = {"result_type": "OUTCOME", "outcome_number": outcome, "group_number": 1}
        put(con, "fct_result_groups", group_id="OG000", group_title=f"outcome {outcome}", **place)
    for outcome, groups in [(1, ["OG000"]), (2, ["OG000", "OG001"])]:
        put(con, "fct_outcome_analyses", outcome_number=outcome, analysis_number=1, group_ids=groups)
    found = rows(
        con,
        "select compared.ctgov_group_code, groups.title from aact.outcome_analysis_groups as compared"
        " left join aact.result_groups as groups on compared.result_group_id = groups.id order by all",
    )
    assert found == [("OG000", "outcome 1"), ("OG000", "outcome 2"), ("OG001", None)]


def test_groups_alike_in_code_title_and_description_are_one(con: Con) -> None:
    place = {"result_type": "BASELINE", "outcome_number": 0}
    for number, title in [(1, "Drug"), (2, "Drug"), (3, "Placebo")]:
        put(con, "fct_result_groups", group_number=number, group_id="BG000", group_title=title, **place)
    put(
        con,
        "fct_result_denominators",
        scope="BASELINE",
        denominator_number=1,
        count_number=1,
        group_id="BG000",
    )
    found = rows(
        con,
        "select groups.title, counts.id is not null from aact.result_groups as groups"
        " left join aact.baseline_counts as counts on counts.result_group_id = groups.id order by 1",
    )
    assert found == [("Drug", False), ("Placebo", True)]


def test_p_value_keeps_its_sign_apart(con: Con) -> None:
    for number, text, value in [(1, "<0.001", 0.001), (2, "= 0.05", 0.05), (3, "0.2", 0.2), (4, None, None)]:
        values = {"p_value_text": text, "p_value": value}
        put(con, "fct_outcome_analyses", outcome_number=1, analysis_number=number, **values)
    found = rows(con, "select p_value_modifier, p_value from aact.outcome_analyses order by p_value")
    assert found == [("<", 0.001), ("=", 0.05), ("", 0.2), (None, None)]


def test_intervention_belongs_to_the_last_arm_of_a_label(con: Con) -> None:
    for number, label in [(1, "Drug"), (2, "Drug"), (3, "Placebo")]:
        put(con, "fct_trial_arms", arm_number=number, arm_label=label, arm_description=f"arm {number}")
    put(con, "fct_trial_interventions", intervention_number=1, arm_labels=["Drug", "Surgery"])
    found = rows(
        con,
        "select arms.description from aact.design_group_interventions as links"
        " left join aact.design_groups as arms on links.design_group_id = arms.id order by 1",
    )
    assert found == [("arm 2",), (None,)]


def test_contacts_of_a_site_are_parted_by_role(con: Con) -> None:
    for number, role in [(1, "PRINCIPAL_INVESTIGATOR"), (2, "CONTACT"), (3, None), (4, "STUDY_CHAIR")]:
        con.execute(
            "insert into personal.fct_trial_contacts (nct_id, contact_kind, site_number, contact_number,"
            " contact_role) values (?, 'SITE', 1, ?, ?)",
            [TRIAL, number, role],
        )
    assert rows(con, "select contact_type from aact.facility_contacts") == [("primary",), ("backup",)]
    investigators = rows(con, "select role from aact.facility_investigators order by 1")
    assert investigators == [("PRINCIPAL_INVESTIGATOR",), ("STUDY_CHAIR",)]


def test_months_are_of_thirty_days_cut_off_towards_zero(con: Con) -> None:
    con.execute("delete from marts.dim_trials")
    done = date(2024, 3, 31)
    for type_, submitted in [("ACTUAL", date(2024, 2, 1)), (None, date(2025, 4, 1)), ("ESTIMATED", None)]:
        put(
            con,
            "dim_trials",
            is_in_registry=True,
            primary_completion_date_last_day=done,
            primary_completion_date_type=type_,
            start_date_last_day=date(2024, 1, 31),
            results_first_submitted_on=submitted,
        )
    found = rows(
        con, "select actual_duration, months_to_report_results from aact.calculated_values order by all"
    )
    assert found == [(2, -1), (2, 12), (None, None)]


def test_ages_and_sites_are_calculated_and_null_where_not_given(con: Con) -> None:
    con.execute("delete from marts.dim_trials")
    sites = {"sites_count": 1, "countries": ["Guam"]}
    put(
        con,
        "dim_trials",
        is_in_registry=True,
        minimum_age_text="18 Years",
        maximum_age_text="1 Month",
        **sites,
    )
    put(con, "dim_trials", is_in_registry=True, sites_count=0, primary_outcomes_count=0)
    found = rows(
        con,
        "select minimum_age_num, minimum_age_unit, maximum_age_num, maximum_age_unit, has_us_facility,"
        " has_single_facility, number_of_facilities, number_of_primary_outcomes_to_measure"
        " from aact.calculated_values order by all",
    )
    assert found == [
        (18, "year", 1, "month", True, True, 1, None),
        (None, None, None, None, None, None, 0, None),
    ]


def test_names_are_distinct_sorted_and_joined_or_each_kept(con: Con) -> None:
    for number, facility, city in [(1, "B", "Rome"), (2, "A", "Rome"), (3, "A", None)]:
        put(con, "fct_trial_sites", site_number=number, facility=facility, city=city)
    assert rows(con, "from aact.all_cities") == [(TRIAL, "Rome")]
    assert rows(con, "from aact.all_facilities") == [(TRIAL, "A|A|B")]
    assert rows(con, "from aact.all_states") == [(TRIAL, "")]


def test_date_of_a_pending_step_is_the_last_day_it_can_mean(con: Con) -> None:
    for number, text, day in [(1, "2019-02-03", date(2019, 2, 3)), (2, "2019-02", None), (3, "2019", None)]:
        values = {"event_date_text": text, "event_date": day}
        put(con, "fct_unposted_result_events", event_number=number, **values)
    found = rows(con, "select event_date from aact.pending_results order by 1")
    assert found == [(date(2019, 2, 3),), (date(2019, 2, 28),), (date(2019, 12, 31),)]
