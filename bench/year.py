"""Print what a day costs when a year of days lies behind it: every day's changes landed, some days built.

python bench/year.py               SIZE=10000 DAYS=365 HOME_KEPT=folder, as for `make bench`

Days are landed from records on disk (1 500 changed of 600 000, in proportion), without asking a registry. At
each quarter the warehouse is brought up to the day before, which is not shown; then that day is measured.
"""

import shutil
import time
from datetime import date
from pathlib import Path

from bench.corpus import nct_id_of
from bench.corpus_registry import FIRST_DAY, CorpusRegistry
from bench.sizes import size_of
from bench.whole_registry import (
    build,
    check_marts,
    check_raw,
    flag,
    home_of_corpus,
    land,
    land_pages,
    measured,
    publish,
)
from trialhouse.download import write_lines
from trialhouse.lake import Lake
from trialhouse.raw_verdicts import record_verdict
from trialhouse.settings import load_settings

STAGES = (check_raw, build, check_marts, flag, publish)
DAYS_A_QUARTER = 91


def main() -> None:
    """The first day, the second, and the last of every quarter."""
    with home_of_corpus(days=365) as (home, registry):
        print(f"{'day':>5}{'landed s':>10}" + "".join(f"{stage.__name__:>13}" for stage in STAGES), end="")
        print(f"{'lake MB a day':>15}{'warehouse MB':>14}")
        if not Lake(load_settings().lake).has(FIRST_DAY):
            land(FIRST_DAY)
        tell(home, 1, 0.0, size_of(home / "lake"))
        follow(home, registry)


def follow(home: Path, registry: CorpusRegistry) -> None:
    """Land every day but the first; build and measure some."""
    listed = {nct_id_of(number) for number in range(registry.size)}
    days = registry.days()
    since, at = 1, size_of(home / "lake")
    for number, day in enumerate(days[1:], start=2):
        started = time.perf_counter()
        land_changes(home, registry, day, listed)
        seconds = time.perf_counter() - started
        is_told = number == 2 or number % DAYS_A_QUARTER == 0 or number == len(days)
        if is_told:
            size = size_of(home / "lake")
            tell(home, number, seconds, (size - at) / (number - since), day)
            since, at = number, size
        else:
            record_verdict(load_settings(), day, passed=True)
            if (number + 1) % DAYS_A_QUARTER == 0 or number + 1 == len(days):
                build_unseen(day)


def land_changes(home: Path, registry: CorpusRegistry, day: date, listed: set[str]) -> None:
    page = home / "changed" / "page-00001.jsonl.zst"
    page.parent.mkdir(parents=True, exist_ok=True)
    write_lines(page, [registry.record_on(day, number) for number in registry.changed_on(day)])
    land_pages(day, [page], "sweep", listed)
    shutil.rmtree(page.parent)


def build_unseen(day: date) -> None:
    for stage in (build, check_marts, flag, publish):
        measured(stage, day)


def tell(home: Path, number: int, landed: float, lake_bytes: float, day: date = FIRST_DAY) -> None:
    """Run the stages of a day, each in a fresh process, and print what they cost in one line."""
    costs = [measured(stage, day) for stage in STAGES]
    line = "".join(f"{cost.wall:>13.1f}" for cost in costs)
    warehouse = size_of(home / "warehouse" / "trials.duckdb")
    print(f"{number:>5}{landed:>10.1f}{line}{lake_bytes / 1e6:>15.1f}{warehouse / 1e6:>14.0f}", flush=True)


if __name__ == "__main__":
    main()
