"""Print what building every mart costs: wall and processor seconds of three builds, peak memory, rows, bytes.

python bench/one_build.py FOLDER     of the newest day in a folder of daily files, as `make run` takes it
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from trialhouse.local_registry.replayed import ReplayedRegistry
from trialhouse.local_registry.server import running
from trialhouse.settings import load_settings
from trialhouse.sync import sync_day
from trialhouse.warehouse import build_marts

BUILDS = 3


def main() -> None:
    """Land the newest day and build it; the first build also imports dbt and reads the project."""
    source = ReplayedRegistry(Path(sys.argv[1]))
    day = source.days()[-1]
    with tempfile.TemporaryDirectory() as home, running(source) as address:
        os.environ["TRIALHOUSE_HOME"] = home
        os.environ["TRIALHOUSE_REGISTRY_URL"] = f"{address}/days/{{snapshot_date}}/api/v2"
        settings = load_settings()
        sync_day(settings, day)
        for number in range(1, BUILDS + 1):
            wall, processor = time.perf_counter(), time.process_time()
            build_marts(settings, day)
            wall, processor = time.perf_counter() - wall, time.process_time() - processor
            print(f"build {number}: {wall:6.1f} s wall, {processor:6.1f} s processor")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        print_sizes(settings.build_file)


def print_sizes(build_file: Path) -> None:
    with duckdb.connect(str(build_file), read_only=True) as con:
        sizes = con.execute(
            "select schema_name, count(*), sum(estimated_size) from duckdb_tables() group by all order by all"
        ).fetchall()
    for schema, tables, rows in sizes:
        print(f"schema {schema}: {tables} tables, {rows} rows")
    print(f"file {build_file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
