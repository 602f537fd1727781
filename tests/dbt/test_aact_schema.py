"""Schema `aact` of a built file: keys that hold, and published AACT queries that run as they are written."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from trialhouse.settings import PROJECT, Settings

QUERIES = sorted((PROJECT / "tests" / "integration" / "aact_queries").glob("*.sql"))
PARENTS = {
    "result_group_id": "result_groups",
    "outcome_id": "outcomes",
    "outcome_analysis_id": "outcome_analyses",
    "facility_id": "facilities",
    "intervention_id": "interventions",
    "design_group_id": "design_groups",
    "reference_id": "study_references",
}


@pytest.fixture(scope="module")
def con(built_home: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file as an AACT user attaches it: what is written `ctgov.studies` or `studies` is found."""
    with duckdb.connect() as con:
        con.execute(f"attach '{built_home.build_file}' as ctgov (read_only)")
        con.execute("use ctgov.aact")
        yield con


def columns(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    found = con.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'aact' order by all"
    ).fetchall()
    assert len(found) > 400
    return found


def test_ids_are_unique_and_never_null(con: duckdb.DuckDBPyConnection) -> None:
    for view in [view for view, column in columns(con) if column == "id"]:
        counts = con.execute(f"select count(*), count(id), count(distinct id) from {view}").fetchone()
        assert counts is not None
        assert len(set(counts)) == 1, view


def test_every_foreign_key_finds_its_parent(con: duckdb.DuckDBPyConnection) -> None:
    for view, column in columns(con):
        if column in PARENTS:
            orphans = con.execute(
                f"select count(*) from {view} as child anti join {PARENTS[column]} as parent"
                f" on child.{column} = parent.id and child.nct_id = parent.nct_id"
                f" where child.{column} is not null"
            ).fetchone()
            assert orphans == (0,), f"{view}.{column}"


def test_every_row_is_of_a_trial_in_studies_and_studies_is_the_newest_snapshot(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for view, column in columns(con):
        if column == "nct_id":
            strays = con.execute(f"select count(*) from {view} anti join studies using (nct_id)").fetchone()
            assert strays == (0,), view
    listed = con.execute(
        "select nct_id from ctgov.marts.dim_trials where is_in_registry order by 1"
    ).fetchall()
    assert con.execute("select nct_id from studies order by 1").fetchall() == listed


@pytest.mark.parametrize("query", QUERIES, ids=lambda file: file.stem)
def test_published_query_runs_as_written(con: duckdb.DuckDBPyConnection, query: Path) -> None:
    answer = con.execute(query.read_text())
    assert len(answer.description) >= 3
    answer.fetchall()
