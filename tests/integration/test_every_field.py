"""A made-up record that fills every field the registry has, through the whole road: no field is lost."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from builders import MONDAY, MadeUpRegistry, home_of
from integration.aact_oracle import aact_tables, with_keys_resolved
from integration.marts_oracle import (
    compare,
    lost_leaves,
    paths_without_column,
    report_text,
    study_with_every_field,
)
from trialhouse.record_type import leaf_paths, load_record_type
from trialhouse.sync import sync_day
from trialhouse.warehouse import build_marts


@pytest.fixture(scope="module")
def build_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    registry = MadeUpRegistry({MONDAY: [study_with_every_field()]})
    with home_of(registry, tmp_path_factory.mktemp("every_field")) as settings:
        sync_day(settings, MONDAY)
        build_marts(settings, MONDAY)
        yield settings.build_file


def test_every_field_of_the_registry_has_a_column_that_names_it() -> None:
    assert paths_without_column(leaf_paths(load_record_type())) == []


def test_every_mart_has_the_rows_of_a_record_with_every_field(build_file: Path) -> None:
    with duckdb.connect(str(build_file), read_only=True) as con:
        reports = compare(con, [study_with_every_field()])
    assert [report for report in reports if report.rows_different] == [], report_text(reports)
    assert [report.mart for report in reports if not report.rows_expected] == []


def test_no_value_of_a_record_with_every_field_is_lost(build_file: Path) -> None:
    with duckdb.connect(str(build_file), read_only=True) as con:
        assert lost_leaves(con, [study_with_every_field()]) == []


def test_every_aact_view_has_the_rows_of_a_record_with_every_field(build_file: Path) -> None:
    expected = aact_tables([study_with_every_field()])
    with duckdb.connect(str(build_file), read_only=True) as con:
        found = {table: con.execute(f"from aact.{table}").to_arrow_table().to_pylist() for table in expected}
    assert with_keys_resolved(found) == with_keys_resolved(expected)
