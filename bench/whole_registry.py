"""Print what the whole road costs, from raw records on disk to a published warehouse, stage by stage.

make bench SIZE=60000              grow a corpus (bench/corpus.py), land its first day, build, gate, publish;
                                   then one more day: sweep, read what changed, update, gate, publish
DAYS=3 HOME_KEPT=folder make bench more days after the first; keep what was made

Each stage runs in a process of its own, as a task of Airflow does: seconds by the wall clock, seconds of
processor, peak memory; imports are part of it. The registry that is swept is served over loopback by a
process that is not counted.
"""

import json
import multiprocessing
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bench.corpus import write_corpus
from bench.corpus_registry import FIRST_DAY, CorpusRegistry
from bench.sizes import size_of
from trialhouse import gates
from trialhouse.alerts import alert_day
from trialhouse.download import page_files
from trialhouse.duckdb_session import working_connection
from trialhouse.lake import Lake
from trialhouse.landing import land as land_reading
from trialhouse.landing_tables import LandingTables
from trialhouse.local_registry.server import running
from trialhouse.publish import export_parquet as export_marts
from trialhouse.publish import publish as publish_marts
from trialhouse.reading import Reading, ids_of, index_records, listing_of
from trialhouse.registry import DataVersion
from trialhouse.settings import load_settings
from trialhouse.slack_stand_in import running_slack
from trialhouse.sync import sync_day
from trialhouse.warehouse import build_marts

MODELS_NAMED = 10
SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one stage; memory in bytes, of the process and of the largest of those it started."""

    wall: float
    processor: float
    peak: int

    def __str__(self) -> str:
        return f"{self.wall:9.1f}{self.processor:12.1f}{self.peak / 1e9:10.2f}"


def main() -> None:
    """Run every stage of the first day and of those after it, print a table a day."""
    with home_of_corpus(days=2) as (home, registry), served(registry, home) as (address, slack):
        os.environ |= {
            "AIRFLOW_HOME": str(home / "airflow"),
            "AIRFLOW_CONN_TRIALHOUSE_SLACK": json.dumps(
                {"conn_type": "slackwebhook", "host": f"{slack}/services", "password": "T0/B0/X0"}
            ),
            "TRIALHOUSE_REGISTRY_URL": f"{address}/days/{{snapshot_date}}/api/v2",
            "TRIALHOUSE_SYNC_MODE": "sweep",
        }
        for day in registry.days():
            run_day(home, day, land if day == FIRST_DAY else sync)


@contextmanager
def home_of_corpus(days: int) -> Iterator[tuple[Path, CorpusRegistry]]:
    """A home with the pages of a corpus, and that corpus as a registry; `days`: where DAYS is not given."""
    size, days = int(os.environ.get("SIZE", "10000")), int(os.environ.get("DAYS", days))
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(os.environ.get("HOME_KEPT", temporary)).resolve()
        os.environ |= {"TRIALHOUSE_HOME": str(home), "TRIALHOUSE_REGISTRY_NAME": "corpus"}
        print_machine(size)
        if not (home / "corpus").exists():
            write_corpus(home / "corpus", size)
        yield home, CorpusRegistry(size, days)


def run_day(home: Path, day: date, first_stage: Callable[[date], None]) -> None:
    print(f"\n{day!s:<14}{'seconds':>9}{'processor':>12}{'peak GB':>10}")
    costs = []
    for stage in (first_stage, check_raw, build, check_marts, flag, publish, alert, export_parquet):
        costs.append(measured(stage, day))
        print(f"{stage.__name__:<14}{costs[-1]}", flush=True)
        if stage is publish:
            wall, processor = (sum(getattr(each, name) for each in costs) for name in ("wall", "processor"))
            print(f"{'published':<14}{Cost(wall, processor, max(each.peak for each in costs))}")
    print_sizes(home)
    print_models(home)


def measured(stage: Callable[[date], None], day: date) -> Cost:
    """Run a stage in a fresh process."""
    results = SPAWN.SimpleQueue()
    process = SPAWN.Process(target=_measure, args=(stage, day, results))
    started = time.perf_counter()
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"{stage.__name__} failed")
    processor, peak = results.get()
    return Cost(time.perf_counter() - started, processor, peak)


def _measure(stage: Callable[[date], None], day: date, results: Any) -> None:
    stage(day)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(each.ru_utime + each.ru_stime for each in used)
    results.put((processor, max(each.ru_maxrss for each in used) * 1024))


@contextmanager
def served(registry: CorpusRegistry, home: Path) -> Iterator[tuple[str, str]]:
    """The registry, and a stand-in for Slack, in another process; their addresses."""
    addresses = SPAWN.SimpleQueue()
    process = SPAWN.Process(target=_serve, args=(registry, home, addresses), daemon=True)
    process.start()
    try:
        yield addresses.get()
    finally:
        process.terminate()


def _serve(registry: CorpusRegistry, home: Path, addresses: Any) -> None:
    with running(registry) as address, running_slack(home / "slack") as (slack, _):
        addresses.put((address, slack))
        threading.Event().wait()


# ---------- stages


def land(day: date) -> None:
    """Check, store and type every record of the corpus, as a first full reading does once it has them."""
    pages = page_files(load_settings().home / "corpus")
    land_pages(day, pages, sync_mode="full")


def land_pages(day: date, pages: list[Path], sync_mode: str, listed: set[str] | None = None) -> None:
    """Land records that lie on disk; the registry lists `listed`, if not given the very same."""
    settings = load_settings()
    lake = Lake(settings.lake)
    version = DataVersion("2.0.5", datetime(day.year, day.month, day.day, 9))
    with lake.writer_lock(), working_connection(settings.spill_folder) as con:
        lake.claim(settings.registry_name)
        tables = LandingTables(lake, day, con, set())
        index = index_records(pages)
        listed = listed or ids_of(index)
        reading = Reading(
            version=version,
            sync_mode=sync_mode,
            total_count=len(listed),
            listed_count=len(listed),
            listed=listing_of(listed),
            record_pages=pages,
            lines_count=len(index),
            index=index,
        )
        land_reading(tables, reading, version)


def sync(day: date) -> None:
    sync_day(load_settings(), day)


def check_raw(day: date) -> None:
    gates.check_raw(load_settings(), day)


def build(day: date) -> None:
    build_marts(load_settings(), day)


def check_marts(day: date) -> None:
    gates.check_marts(load_settings(), day)


def flag(day: date) -> None:
    gates.flag_status_changes(load_settings(), day)


def publish(day: date) -> None:
    publish_marts(load_settings())


def alert(day: date) -> None:
    alert_day(load_settings(), day)


def export_parquet(day: date) -> None:
    export_marts(load_settings())


# ---------- what is printed


def print_machine(size: int) -> None:
    answer = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    commit = answer.stdout.strip()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    print(
        f"{size} records, {date.today()}, commit {commit}, {os.cpu_count()} processors, {memory:.0f} GB, "
        f"python {platform.python_version()}"
    )


def print_sizes(home: Path) -> None:
    lake = home / "lake" / "ctgov"
    for name, place in (
        ("raw", lake / "raw"),
        ("versions", lake / "versions"),
        ("presence", lake / "presence"),
        ("changes", lake / "changes"),
        ("warehouse file", home / "warehouse" / "trials.duckdb"),
        ("parquet", home / "warehouse" / "parquet"),
        ("all of the home", home),
    ):
        print(f"{name:<24}{size_of(place) / 1e6:12.1f} MB")


def print_models(home: Path) -> None:
    timings = json.loads((home / "build" / "timings.json").read_bytes())
    layers: dict[str, float] = {}
    for each in timings:
        layers[each["layer"]] = layers.get(each["layer"], 0) + each["seconds"]
    for layer, seconds in layers.items():
        print(f"{layer:<24}{seconds:12.1f} s")
    named = int(os.environ.get("MODELS", MODELS_NAMED))
    for each in sorted(timings, key=lambda each: -each["seconds"])[:named]:
        print(f"  {each['name'][:64]:<64}{each['seconds']:8.1f} s")


if __name__ == "__main__":
    main()
