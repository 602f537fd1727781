"""Write a table of the lake as one Parquet file."""

from pathlib import Path

import duckdb

from trialhouse.errors import RegistryChanged

# Of nested records, so that reading one trial's decompresses few others.
ROW_GROUP_RECORDS = 8192


def copy_to_parquet(con: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    con.execute(
        f"copy ({query}) to '{file}' (format parquet, compression zstd, row_group_size {ROW_GROUP_RECORDS})"
    )


def refuse_lost_rows(con: duckdb.DuckDBPyConnection, written: Path, expected: str) -> None:
    counts = con.execute(
        f"select (select count(*) from read_parquet('{written}')), (select count(*) from {expected})"
    ).fetchone()
    if counts is None or counts[0] != counts[1]:
        raise RegistryChanged(f"{written.name}: rows written and rows expected differ: {counts}")
