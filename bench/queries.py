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
FIRST_DAY = "(select min(snapshot_date) from marts.dim_snapshots)"
FIRST_LANDING = "(select min(landed_at) from marts.dim_snapshots)"
# Every trial as it was on the first day that landed.
AS_OF = {
    "registry as of a day, statuses counted": (
        f"select overall_status, count(*) from trials_as_of({FIRST_DAY}) group by overall_status"
    ),
    "registry as of a day, ten columns": f"""
        select
            nct_id, overall_status, why_stopped, brief_title, lead_sponsor_name, enrollment_count,
            start_date, primary_completion_date, phases, sites_count
        from trials_as_of({FIRST_DAY})
    """,
    "registry as of a day, every column": f"select * from trials_as_of({FIRST_DAY})",
    "registry as known then, statuses counted": f"""
        select overall_status, count(*)
        from trials_as_of({FIRST_DAY}, {FIRST_LANDING})
        group by overall_status
    """,
    "sites as of a day, counted by country": (
        f"select country, count(*) from sites_as_of({FIRST_DAY}) group by country"
    ),
}
WARM_RUNS = 5


def main() -> None:
    """Run every file, then the page of twenty trials drawn at random, always the same of one warehouse."""
    file = sys.argv[1]
    size = Path(file).stat().st_size / 1e6
    print(f"{size:.0f} MB, duckdb {duckdb.__version__}, python {platform.python_version()}")
    print(f"{'query':<42}{'cold s':>10}{'warm s':>10}{'rows':>10}")
    asked = {query.stem: query.read_text() for query in sorted(QUERIES.glob("*.sql"))}
    for name, query in (asked | AS_OF).items():
        cold, warm, rows = cold_and_warm(file, query)
        print(f"{name:<42}{cold:>10.3f}{warm:>10.3f}{rows:>10}", flush=True)
    pages = [cold_and_warm(file, PROFILE.format(nct_id)) for nct_id in some_trials(file)]
    for name, of in (("median", median), ("slowest", max)):
        cold, warm = (of(seconds) for seconds in list(zip(*pages, strict=True))[:2])
        print(f"{f'page of a trial, {name} of {len(pages)}':<42}{cold:>10.3f}{warm:>10.3f}{1:>10}")


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
