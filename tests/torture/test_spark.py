"""Every model of generated days on Spark, by dbt: the same rows as DuckDB's in every table."""

from pathlib import Path
from typing import Any

import pytest

from builders import home_of
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.spark.equality import PYTHON, compare_with_spark
from trialhouse.sync import sync_day


@pytest.mark.torture
def test_spark_makes_the_rows_that_duckdb_makes(tmp_path: Path, figures: dict[str, Any]) -> None:
    if not PYTHON.exists():
        pytest.skip("Spark was not asked: it has no environment here (make .venv-spark/.ready says why)")
    registry = GeneratedRegistry(size=2000, days=3)
    with home_of(registry, tmp_path) as settings:
        for day in registry.days():
            sync_day(settings, day)
        compared = compare_with_spark(settings)

    assert [one.table for one in compared if not one.is_equal] == []
    rows = sum(one.spark_rows for one in compared)
    figures["Spark: tables, rows as DuckDB's"] = f"{len(compared)}, {rows}"
    assert len(compared) > 55
    assert rows > 100_000
