"""In-memory DuckDB connections for work over Parquet, held to a memory limit, spilling below the home."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

MEMORY_LIMIT = "4GB"


@contextmanager
def working_connection(spill_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that never reaches for the network and keeps its spill files in one folder."""
    spill_folder.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(spill_folder),
        "autoinstall_known_extensions": False,
    }
    with duckdb.connect(":memory:", config=config) as con:
        yield con
