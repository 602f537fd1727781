"""What stands in `dashboards/assets`: its SQL runs, text of records is harmless, colours and words agree."""

import importlib
import re
import sys
from typing import Any

import duckdb
import pytest

from browser.assets import all_of, charts_of, dashboard, read
from trialhouse.dashboards import PAGES
from trialhouse.settings import PROJECT, Settings

EXPOSURES = PROJECT / "dbt_project" / "models" / "marts" / "_exposures.yml"
OUR_LINK = re.compile(r'<a href="(/trial/|https://clinicaltrials\.gov/study/)NCT[0-9]{8}">[^<>]*</a>')
HARMFUL = re.compile(r"<[a-zA-Z/!?]|[\u202A-\u202E\u2066-\u2069]")


@pytest.fixture(scope="module")
def con(home: tuple[Settings, Any]) -> duckdb.DuckDBPyConnection:
    """As Superset opens the published file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIALHOUSE_HOME", str(home[0].home))
        patch.delitem(sys.modules, "dashboards.published_file", raising=False)
        published_file = importlib.import_module("dashboards.published_file")
    con = duckdb.connect()
    for statement in published_file.opening_statements():
        con.execute(statement)
    return con


@pytest.mark.parametrize("dataset", all_of("datasets"), ids=lambda dataset: dataset["table_name"])
def test_a_dataset_has_the_columns_and_metrics_it_names(
    con: duckdb.DuckDBPyConnection, dataset: dict[str, Any]
) -> None:
    columns = [row[0] for row in con.execute(f"describe {dataset['sql']}").fetchall()]
    assert columns == [column["column_name"] for column in dataset["columns"]]
    metrics = ", ".join(metric["expression"] for metric in dataset["metrics"])
    assert len(con.execute(f"select {metrics} from ({dataset['sql']})").fetchall()) == 1


@pytest.mark.parametrize("dataset", all_of("datasets"), ids=lambda dataset: dataset["table_name"])
def test_no_text_of_a_record_is_a_tag_or_turns_its_direction(
    con: duckdb.DuckDBPyConnection, dataset: dict[str, Any]
) -> None:
    for row in con.execute(dataset["sql"]).fetchall():
        for value in row:
            assert not isinstance(value, str) or not HARMFUL.search(OUR_LINK.sub("", value)), value


def test_sql_of_dashboards_reads_no_other_file(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.PermissionException):
        con.execute("select * from read_text('/etc/passwd')")
    with pytest.raises(duckdb.Error):
        con.execute("create table marts.x as select 1")
    with pytest.raises(duckdb.InvalidInputException):
        con.execute("set enable_external_access = true")


def test_a_status_has_one_colour_everywhere(con: duckdb.DuckDBPyConnection) -> None:
    colours = [dashboard(slug)["metadata"]["label_colors"] for slug in PAGES]
    assert all(each == colours[0] for each in colours)
    statuses = con.execute("select plain_label from marts.dim_codes where code_list = 'status'").fetchall()
    assert {status for (status,) in statuses} <= set(colours[0])


def test_every_chart_stands_on_a_dashboard_and_every_dashboard_is_known() -> None:
    placed = [name for slug in PAGES for name in charts_of(slug)]
    assert sorted(placed) == sorted(chart["slice_name"] for chart in all_of("charts"))
    assert {each["slug"] for each in all_of("dashboards")} == set(PAGES)


def test_dbt_names_each_dashboard_with_the_tables_it_reads() -> None:
    datasets = {dataset["uuid"]: dataset["sql"] for dataset in all_of("datasets")}
    charts = {chart["slice_name"]: datasets[chart["dataset_uuid"]] for chart in all_of("charts")}
    exposures = {each["name"]: each for each in read(EXPOSURES)["exposures"]}
    for slug in PAGES:
        read_tables = {
            table for name in charts_of(slug) for table in re.findall(r"marts\.(\w+)", charts[name])
        }
        named = {re.findall(r"'(\w+)'", ref)[0] for ref in exposures[slug.replace("-", "_")]["depends_on"]}
        assert named == read_tables, slug
    assert len(exposures) == len(PAGES)
