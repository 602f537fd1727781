"""In-memory DuckDB connections for work over Parquet, held to a memory limit, spilling below the home."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import duckdb
import psutil

# What the whole registry is built in; more would not make it faster.
MOST_MEMORY_BYTES = 4_000_000_000


def memory_limit() -> str:
    """What DuckDB may take before it spills: half of what is free now, so that nobody is killed for it."""
    limit = min(MOST_MEMORY_BYTES, psutil.virtual_memory().available // 2)
    return f"{limit // 1_000_000}MB"


@contextmanager
def working_connection(spill_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that never reaches for the network and keeps its spill files in one folder."""
    spill_folder.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit(),
        "temp_directory": str(spill_folder),
        "autoinstall_known_extensions": False,
    }
    with duckdb.connect(":memory:", config=config) as con:
        # Drawn even where nobody looks: a log of a long day was megabytes of it.
        con.execute("set enable_progress_bar = false")
        remember_parquet_files(con)
        yield con


def remember_parquet_files(con: duckdb.DuckDBPyConnection) -> None:
    """A query about versions opens the file of every day, which tells of a thousand columns."""
    con.execute("set parquet_metadata_cache = true")


def load_extension(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension out of its Python package, of DuckDB's own version; nothing is downloaded."""
    package = find_spec(f"duckdb_extension_{name}")
    assert package, f"{name} is not among the packages of requirements.lock"
    assert package.origin
    (version,) = con.execute("select library_version from pragma_version()").fetchone() or ("",)
    file = Path(package.origin).parent / "extensions" / version / f"{name}.duckdb_extension"
    con.load_extension(str(file))
