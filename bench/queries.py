"""Print seconds and rows of each file of queries/ and of the page of a trial, cold and warm.

Cold is a fresh process that finds nothing of the file in the operating system's cache.

Answers are taken as Arrow, as a data frame or a dashboard takes them.

python bench/queries.py FILE     a published warehouse/trials.duckdb; it is only read
"""

import multiprocessing
import os
import platform
import random
import sys
import time
from pathlib import Path
from statistics import median

import duckdb

QUERIES = Path(__file__).parent.parent / "queries"
PROFILE = "select * from marts.rpt_trial_profile where nct_id = '{}'"
PROFILES = 20
# Every trial as it was on the first day that landed, every column.
AS_OF = "select * from trials_as_of((select min(snapshot_date) from marts.dim_snapshots))"
WARM_RUNS = 5


def main() -> None:
    """Run every file, then the page of twenty trials drawn at random, always the same of one warehouse."""
    file = sys.argv[1]
    size = Path(file).stat().st_size / 1e6
    print(f"{size:.0f} MB, duckdb {duckdb.__version__}, python {platform.python_version()}")
    print(f"{'query':<40}{'cold s':>10}{'warm s':>10}{'rows':>10}")
    for query in sorted(QUERIES.glob("*.sql")):
        cold, warm, rows = cold_and_warm(file, query.read_text())
        print(f"{query.stem:<40}{cold:>10.3f}{warm:>10.3f}{rows:>10}", flush=True)
    cold, warm, rows = cold_and_warm(file, AS_OF)
    print(f"{'registry as of a day, every column':<40}{cold:>10.3f}{warm:>10.3f}{rows:>10}", flush=True)
    pages = [cold_and_warm(file, PROFILE.format(nct_id)) for nct_id in some_trials(file)]
    for name, of in (("median", median), ("slowest", max)):
        cold, warm = (of(seconds) for seconds in list(zip(*pages, strict=True))[:2])
        print(f"{f'page of a trial, {name} of {len(pages)}':<40}{cold:>10.3f}{warm:>10.3f}{1:>10}")


def some_trials(file: str) -> list[str]:
    with duckdb.connect(file, read_only=True) as con:
        trials = con.sql("select nct_id from marts.dim_trials order by nct_id").fetchall()
    return [nct_id for (nct_id,) in random.Random(0).sample(trials, min(PROFILES, len(trials)))]


def cold_and_warm(file: str, query: str) -> tuple[float, float, int]:
    """Seconds of the first run, connecting included, and of the middle one of five more; rows."""
    with Path(file).open("rb") as opened:
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(run, (file, query))


def run(file: str, query: str) -> tuple[float, float, int]:
    started = time.perf_counter()
    with duckdb.connect(file, read_only=True) as con:
        rows = con.execute(query).to_arrow_table().num_rows
        cold = time.perf_counter() - started
        return cold, median(seconds_of(con, query) for _ in range(WARM_RUNS)), rows


def seconds_of(con: duckdb.DuckDBPyConnection, query: str) -> float:
    started = time.perf_counter()
    con.execute(query).to_arrow_table()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
