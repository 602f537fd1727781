"""Print what one more day of the sample costs, stage by stage, once everything is imported.

make bench                 five days of the sample; the first two warm up imports and caches
SIZE=10000 make bench      the same with more trials
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.server import running
from trialhouse.settings import load_settings

WARM_UP_DAYS = 2
DAYS = 5


def main() -> None:
    """Run the stages of each day and print seconds, one line a day."""
    size = int(os.environ.get("SIZE", "1000"))
    source = GeneratedRegistry(size=size, days=DAYS)
    with tempfile.TemporaryDirectory() as home, running(source) as address:
        os.environ["TRIALHOUSE_HOME"] = home
        os.environ["TRIALHOUSE_REGISTRY_URL"] = f"{address}/days/{{snapshot_date}}/api/v2"
        print(f"trials {size}  python {sys.version.split()[0]}  cpus {os.cpu_count()}")
        print("day         " + "".join(f"{name:>12}" for name in stages(source.days()[0])) + "       total")
        for number, day in enumerate(source.days()):
            seconds = [timed(stage) for stage in stages(day).values()]
            warm = "  (warming up)" if number < WARM_UP_DAYS else ""
            print(f"{day}  " + "".join(f"{value:12.2f}" for value in [*seconds, sum(seconds)]) + warm)
        published = load_settings().published_file.stat().st_size
        lake = sum(file.stat().st_size for file in Path(home, "lake").rglob("*") if file.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB  published {published / 1e6:.1f} MB  lake {lake / 1e6:.1f} MB")


def stages(day: date) -> dict[str, Callable[[], object]]:
    """What a day is made of, in order."""
    from trialhouse import gates
    from trialhouse.publish import publish
    from trialhouse.sync import sync_day
    from trialhouse.warehouse import build_marts

    return {
        "land": lambda: sync_day(load_settings(), day),
        "check_raw": lambda: gates.check_raw(load_settings(), day),
        "build_marts": lambda: build_marts(load_settings(), day),
        "check_marts": lambda: gates.check_marts(load_settings(), day),
        "flag": lambda: gates.flag_status_changes(load_settings(), day),
        "publish": lambda: publish(load_settings()),
    }


def timed(stage: Callable[[], object]) -> float:
    """Seconds by the wall clock."""
    started = time.perf_counter()
    stage()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
