"""Print what the whole road costs from raw records on disk to a published warehouse, stage by stage.

make bench SIZE=60000                         grow a corpus (bench/corpus.py), land it, build, gate, publish
python bench/whole_registry.py PAGES [HOME]   the same on pages that are there; HOME is kept if named

Each stage runs in a process of its own, as a task of Airflow does: seconds by the wall clock, seconds of
processor, peak memory; imports are part of it.
"""

import multiprocessing
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from corpus import write_corpus

FIRST_DAY = date(2026, 1, 5)
MODELS_NAMED = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one stage; memory in bytes, of the process and of the largest of those it started."""

    wall: float
    processor: float
    peak: int

    def __str__(self) -> str:
        return f"{self.wall:9.1f}{self.processor:12.1f}{self.peak / 1e9:10.2f}"


def main() -> None:
    """Grow or take the pages, run every stage of a first day, print the table."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TRIALHOUSE_BENCH_FOLDER")) as temporary:
        pages = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary, "pages")
        if not pages.exists():
            write_corpus(pages, int(os.environ.get("SIZE", "10000")))
        home = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(temporary, "home")
        run(pages, home)


def run(pages: Path, home: Path) -> None:
    os.environ["TRIALHOUSE_HOME"] = str(home)
    os.environ["TRIALHOUSE_REGISTRY_NAME"] = "corpus"
    print_machine()
    print(f"{'stage':<14}{'seconds':>9}{'processor':>12}{'peak GB':>10}")
    costs = {}
    for name, stage in STAGES.items():
        costs[name] = measured(stage, pages)
        print(f"{name:<14}{costs[name]}", flush=True)
    wall, processor = (sum(getattr(cost, name) for cost in costs.values()) for name in ("wall", "processor"))
    print(f"{'all':<14}{Cost(wall, processor, max(cost.peak for cost in costs.values()))}")
    print_sizes(home, wall)
    print_models()


def measured(stage: Callable[[Path], None], pages: Path) -> Cost:
    """Run a stage in a fresh process."""
    context = multiprocessing.get_context("spawn")
    results = context.SimpleQueue()
    process = context.Process(target=_measure, args=(stage, pages, results))
    started = time.perf_counter()
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"{stage.__name__} failed")
    processor, peak = results.get()
    return Cost(time.perf_counter() - started, processor, peak)


def _measure(stage: Callable[[Path], None], pages: Path, results: "multiprocessing.SimpleQueue") -> None:
    stage(pages)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    results.put((sum(each.ru_utime + each.ru_stime for each in used), max(each.ru_maxrss for each in used) * 1024))


# ---------- stages


def land(pages: Path) -> None:
    """Check, store and type every record of the pages, as a first full reading does once it has them."""
    from trialhouse.duckdb_session import working_connection
    from trialhouse.download import page_files
    from trialhouse.lake import Lake
    from trialhouse.landing import land as land_reading
    from trialhouse.landing_tables import LandingTables
    from trialhouse.reading import Reading, Slice, ids_of, index_records
    from trialhouse.day_reading import _listed
    from trialhouse.registry import DataVersion
    from trialhouse.settings import load_settings

    settings = load_settings()
    lake = Lake(settings.lake)
    version = DataVersion("2.0.5", datetime(2026, 1, 5, 9))
    with lake.writer_lock(), working_connection(settings.spill_folder) as con:
        lake.claim(settings.registry_name)
        tables = LandingTables(lake, FIRST_DAY, con, set())
        files = page_files(pages)
        started = time.perf_counter()
        index = index_records(files)
        print(f"  index {time.perf_counter()-started:.1f}")
        listed = ids_of(index)
        reading = Reading(
            version=version, sync_mode="full", total_count=len(listed), listed_count=len(listed),
            listed=_listed(listed), record_pages=files, index=index, departures=[], artefact_count=0,
            unchecked_count=0, unidentified_count=0, reread=Slice(), registry_counts=[],
        )
        land_reading(tables, reading, version)


def check_raw(pages: Path) -> None:
    from trialhouse import gates
    from trialhouse.settings import load_settings

    gates.check_raw(load_settings(), FIRST_DAY)


def build(pages: Path) -> None:
    from trialhouse.settings import load_settings
    from trialhouse.warehouse import build_marts

    build_marts(load_settings(), FIRST_DAY)


def check_marts(pages: Path) -> None:
    from trialhouse import gates
    from trialhouse.settings import load_settings

    gates.check_marts(load_settings(), FIRST_DAY)


def flag(pages: Path) -> None:
    from trialhouse import gates
    from trialhouse.settings import load_settings

    gates.flag_status_changes(load_settings(), FIRST_DAY)


def publish(pages: Path) -> None:
    from trialhouse.publish import publish as publish_build
    from trialhouse.settings import load_settings

    publish_build(load_settings())


STAGES = {"land": land, "check_raw": check_raw, "build": build, "check_marts": check_marts, "flag": flag, "publish": publish}


def print_machine() -> None:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    print(f"{date.today()} commit {commit}, {os.cpu_count()} cpus, python {platform.python_version()}")


def print_sizes(home: Path, seconds: float) -> None:
    for folder in ("lake/ctgov/raw", "lake/ctgov/versions", "lake/ctgov/presence", "warehouse/parquet"):
        print(f"{folder:<24}{size_of(home / folder) / 1e6:10.0f} MB")
    print(f"{'warehouse/trials.duckdb':<24}{(home / 'warehouse/trials.duckdb').stat().st_size / 1e6:10.0f} MB")


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.resolve().rglob("*") if file.is_file())


def print_models() -> None:
    import json

    from trialhouse.settings import load_settings

    timings = json.loads((load_settings().build_folder / "timings.json").read_bytes())
    layers: dict[str, float] = {}
    for each in timings:
        layers[each["layer"]] = layers.get(each["layer"], 0) + each["seconds"]
    for layer, seconds in layers.items():
        print(f"{layer:<24}{seconds:10.1f} s")
    for each in sorted(timings, key=lambda each: -each["seconds"])[:int(os.environ.get("MODELS", MODELS_NAMED))]:
        print(f"  {each['name']:<60}{each['seconds']:8.1f} s")


if __name__ == "__main__":
    main()
