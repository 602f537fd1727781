"""What is about to be published, as a whole: one row per mart, beside what readers have now."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    from great_expectations import ExpectationSuite

# Tables that no working registry leaves empty; `fct_trial_events` is not one: quiet days are normal.
NEVER_EMPTY = ("dim_snapshots", "dim_trials", "fct_status_history")
# We never forget a record, so marts grow; only sites and arms of changed records may go. 5 % lost overnight
# is a fault; a small registry may lose 50 rows, which there can be more than 5 %.
SHARE_THAT_MAY_GO = 0.05
ROWS_THAT_MAY_GO = 50

ID_COLUMNS = ("mart",)
WHO_ACTS = (
    "a data engineer: compare the build file with the published file; "
    "if the loss is right, move the published file away and run the gate again"
)


def table(
    connection: "duckdb.DuckDBPyConnection", published_file: Path, landed_days: set[date]
) -> list[dict[str, object]]:
    """One row per mart of the build: how many rows, how few are allowed, days left out."""
    published_rows = _published_row_counts(connection, published_file)
    (database,) = connection.execute("select current_database()").fetchall()[0]
    return [
        {
            "mart": mart,
            "row_count": _count(connection, f"from {_place(mart)}"),
            "published_row_count": published_rows.get(mart, 0),
            "least_row_count": _least_row_count(mart, published_rows.get(mart, 0)),
            "missing_days": _missing_days(connection, landed_days) if mart == "dim_snapshots" else "",
        }
        for mart in _marts(connection, database)
    ]


def suite() -> "ExpectationSuite":
    """The rules for the list of marts."""
    import great_expectations as gx
    import great_expectations.expectations as gxe

    return gx.ExpectationSuite(
        name="marts",
        expectations=[
            gxe.ExpectColumnDistinctValuesToContainSet(
                column="mart",
                value_set=list(NEVER_EMPTY),
                description="the core marts were built",
                meta={"rule": "core_marts_built"},
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="row_count",
                column_B="least_row_count",
                or_equal=True,
                description="no core mart is empty and no mart lost more rows than it may in a day",
                meta={"rule": "no_mart_shrank"},
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="missing_days",
                value_set=[""],
                description="every landed day up to this one, but for held ones, is in dim_snapshots",
                meta={"rule": "every_day_built"},
            ),
        ],
    )


def _published_row_counts(connection: "duckdb.DuckDBPyConnection", published_file: Path) -> dict[str, int]:
    """What readers have now; nothing before the first publish."""
    if not published_file.exists():
        return {}
    path = str(published_file).replace("'", "''")
    connection.execute(f"attach '{path}' as published (read_only)")
    try:
        marts = _marts(connection, "published")
        return {mart: _count(connection, f"from published.{_place(mart)}") for mart in marts}
    finally:
        connection.execute("detach published")


def _marts(connection: "duckdb.DuckDBPyConnection", database: str) -> list[str]:
    """Every table that is published, and dim_trials; those of other schemas than `marts` with its name."""
    rows = connection.execute(
        """
        select schema_name, table_name from duckdb_tables() where database_name = $1
        union
        select schema_name, view_name from duckdb_views()
        where database_name = $1 and view_name = 'dim_trials'
        order by all
        """,
        [database],
    ).fetchall()
    return [name if schema == "marts" else f"{schema}.{name}" for schema, name in rows]


def _place(mart: str) -> str:
    schema, _, name = mart.rpartition(".")
    return f'"{schema or "marts"}"."{name}"'


def _least_row_count(mart: str, published_row_count: int) -> int:
    """How few rows a mart may have when readers now see `published_row_count`."""
    may_go = max(ROWS_THAT_MAY_GO, int(published_row_count * SHARE_THAT_MAY_GO))
    return max(published_row_count - may_go, int(mart in NEVER_EMPTY))


def _missing_days(connection: "duckdb.DuckDBPyConnection", landed_days: set[date]) -> str:
    rows = connection.execute("select snapshot_date from marts.dim_snapshots").fetchall()
    return ", ".join(str(day) for day in sorted(landed_days - {day for (day,) in rows}))


def _count(connection: "duckdb.DuckDBPyConnection", from_clause: str) -> int:
    (row,) = connection.execute(f"select count(*) {from_clause}").fetchall()
    return int(row[0])
