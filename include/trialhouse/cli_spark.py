"""`trialhouse spark`: the same models on Spark, and whether they make the same rows."""

import typer

from trialhouse.cli_shared import plain_errors
from trialhouse.settings import load_settings


@plain_errors
def spark() -> None:
    """Make every model with DuckDB and with Spark from the landed days, and compare every row."""
    from trialhouse.errors import BuildFailed
    from trialhouse.spark.equality import compare_with_spark

    settings = load_settings()
    compared = compare_with_spark(settings)
    typer.echo(f"{'table':45}{'DuckDB':>10}{'Spark':>10}{'different':>11}{'DuckDB s':>10}{'Spark s':>9}")
    for one in compared:
        different = one.only_duckdb_rows + one.only_spark_rows
        typer.echo(
            f"{one.table:45}{one.duckdb_rows:>10}{one.spark_rows:>10}{different:>11}"
            f"{one.duckdb_seconds:>10.1f}{one.spark_seconds:>9.1f}"
        )
    unequal = [one.table for one in compared if not one.is_equal]
    rows = sum(one.duckdb_rows for one in compared)
    typer.echo(f"{len(compared)} tables, {rows} rows, {len(unequal)} tables different")
    if unequal:
        raise BuildFailed(f"DuckDB and Spark differ in {', '.join(unequal)}")
