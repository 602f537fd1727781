"""dbt's documentation as one page: what it holds, with something published and with nothing."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from trialhouse import dbt_docs
from trialhouse.cli import app
from trialhouse.dbt_docs import write_dbt_docs
from trialhouse.errors import BuildFailed
from trialhouse.settings import Settings

DIM_TRIALS = "model.trialhouse.dim_trials"
PARENTS = {"model.trialhouse.trials_as_recorded", "model.trialhouse.trials_as_observed"}


def embedded(page: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Manifest and catalog as they stand in a page."""
    text = page.read_text(encoding="utf-8")
    found = dict(_documents(text))
    return found["manifest"], found["catalog"]


def _documents(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    start = -1
    while (start := text.find('{"metadata":', start + 1)) >= 0:
        document: dict[str, Any] = json.JSONDecoder().raw_decode(text, start)[0]
        if schema := document["metadata"].get("dbt_schema_version"):
            yield schema.split("/")[-2], document


@pytest.fixture(scope="module")
def published_home(built_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose only content is a published file."""
    settings = replace(built_home, home=tmp_path_factory.mktemp("published"))
    settings.warehouse_folder.mkdir()
    shutil.copyfile(built_home.build_file, settings.published_file)
    return settings


@pytest.fixture(scope="module")
def page(published_home: Settings) -> Path:
    with duckdb.connect(str(published_home.published_file), read_only=True):
        return write_dbt_docs(published_home)


def test_the_page_tells_what_a_model_is_where_it_comes_from_and_its_types(page: Path) -> None:
    project, catalog = embedded(page)
    model = project["nodes"][DIM_TRIALS]
    assert model["description"].startswith("One row a trial ever seen")
    assert set(project["parent_map"][DIM_TRIALS]) == PARENTS
    shown = catalog["nodes"][DIM_TRIALS]
    assert shown["metadata"]["type"] == "VIEW"
    assert shown["columns"]["phases"]["type"] == "VARCHAR[]"
    assert shown["columns"].keys() == model["columns"].keys()


def test_every_mart_of_the_project_has_its_types(page: Path) -> None:
    project, catalog = embedded(page)
    marts = {
        name for name, node in project["nodes"].items() if node["relation_name"] and "marts" in node["fqn"]
    }
    assert len(marts) > 40
    assert marts <= catalog["nodes"].keys()


def test_nothing_of_the_home_is_written_but_the_page(published_home: Settings, page: Path) -> None:
    files = {file for file in published_home.home.rglob("*") if file.is_file()}
    assert files == {published_home.published_file, page}


def test_with_nothing_published_the_command_says_so_and_the_page_has_lineage_without_types(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    answer = CliRunner().invoke(app, ["dbt-docs"])
    page = tmp_path / "docs" / "dbt.html"
    assert answer.exit_code == 0
    assert answer.output.splitlines() == [
        f"nothing is published in {tmp_path}: column types are missing until `make run`",
        f"wrote {page.as_uri()}",
    ]
    project, catalog = embedded(page)
    assert set(project["parent_map"][DIM_TRIALS]) == PARENTS
    assert catalog["nodes"] == {}


def test_a_project_that_dbt_cannot_describe_leaves_the_page_as_it_was(
    published_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(published_home, home=tmp_path)
    settings.dbt_docs.parent.mkdir()
    settings.dbt_docs.write_text("the last one")
    monkeypatch.setattr(dbt_docs, "invoke_dbt", lambda *_: None)
    with pytest.raises(BuildFailed, match="did not describe"):
        write_dbt_docs(settings)
    assert settings.dbt_docs.read_text() == "the last one"
