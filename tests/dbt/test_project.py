"""The dbt project's own unit tests, its structure, and what it leaves in the file."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from trialhouse.errors import BuildFailed
from trialhouse.settings import Settings, load_settings
from trialhouse.warehouse import build_marts, run_unit_tests

MART_PREFIXES = ("bridge_", "dim_", "fct_", "rpt_")
LAYERS = {
    "staging": "stg_ctgov__",
    "intermediate": "int_",
    "main": ("arms_", "interventions_", "outcomes_", "sites_", "trial_", "trials_"),
    "marts": MART_PREFIXES,
    "parts": ("trial_", "trials_"),
    "personal": MART_PREFIXES,
}
PUBLISHED = ("marts", "personal")


def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    found = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    assert len(found) > 20
    return found


def test_every_unit_test_of_the_project_is_green(built_home: Settings, manifest: dict[str, Any]) -> None:
    assert len(manifest["unit_tests"]) >= 14
    run_unit_tests(built_home)


def test_folder_schema_and_prefix_agree(manifest: dict[str, Any]) -> None:
    for model in models(manifest):
        layer = model["fqn"][1]
        assert model["schema"] == layer
        assert model["name"].startswith(LAYERS[layer]), model["name"]


def test_only_staging_reads_sources(manifest: dict[str, Any]) -> None:
    for model in models(manifest):
        reads_source = any(parent.startswith("source.") for parent in model["depends_on"]["nodes"])
        assert not reads_source or model["fqn"][1] == "staging", model["name"]


def test_every_model_says_its_grain_and_every_mart_tests_it(manifest: dict[str, Any]) -> None:
    tested = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node.get("test_metadata", {}).get("name") == "unique_grain"
    }
    for model in models(manifest):
        assert "grain" in model["config"]["meta"], model["name"]
        assert "Grain" in model["description"], model["name"]
        if model["fqn"][1] in PUBLISHED and model["config"]["materialized"] == "table":
            assert model["unique_id"] in tested, model["name"]


def test_every_mart_has_an_enforced_contract_and_describes_every_column(manifest: dict[str, Any]) -> None:
    for model in models(manifest):
        if model["fqn"][1] not in PUBLISHED:
            continue
        assert model["config"]["contract"]["enforced"], model["name"]
        for column in model["columns"].values():
            assert column["data_type"], column["name"]
            assert column["description"], column["name"]


def test_descriptions_are_comments_in_the_file(built_home: Settings) -> None:
    with duckdb.connect(str(built_home.build_file), read_only=True) as con:
        rows = con.execute(
            "select table_name, column_name, comment from duckdb_columns()"
            " where not internal and schema_name <> 'parts'"
            " union all select table_name, null, comment from duckdb_tables() where not internal"
            " union all select view_name, null, comment from duckdb_views() where not internal"
        ).fetchall()
    assert len(rows) > 1000
    assert [row for row in rows if not row[2]] == []


def test_the_file_holds_only_what_readers_need_in_the_format_of_duckdb_1_2(built_home: Settings) -> None:
    with duckdb.connect(str(built_home.build_file), read_only=True) as con:
        schemas = con.execute("select distinct schema_name from duckdb_tables() order by all").fetchall()
        tags = con.execute("select tags from duckdb_databases() where not internal").fetchall()
    assert schemas == [("marts",), ("parts",), ("personal",)]
    assert "v1.2" in str(tags[0][0]["storage_version"])


def test_every_view_can_be_read_whatever_the_file_is_called(built_home: Settings, tmp_path: Path) -> None:
    renamed = tmp_path / "another name.duckdb"
    renamed.write_bytes(built_home.build_file.read_bytes())
    with duckdb.connect() as con:
        con.execute(f"attach '{renamed}' as attached (read_only)")
        views = con.execute("select schema_name, view_name from duckdb_views() where not internal").fetchall()
        assert len(views) > 60
        for schema, view in views:
            con.execute(f'select count(*) from attached."{schema}"."{view}"').fetchall()


def test_a_day_that_has_not_landed_cannot_be_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    with pytest.raises(BuildFailed, match="2026-01-05 has not landed"):
        build_marts(load_settings(), date(2026, 1, 5))
