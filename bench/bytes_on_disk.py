"""Print what a first load puts on disk a record, at its largest and afterwards.

python bench/bytes_on_disk.py FOLDER      a folder of one daily file YYYY-MM-DD.jsonl[.gz]
"""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.sizes import size_of
from trialhouse.local_registry import open_source
from trialhouse.local_registry.server import running
from trialhouse.settings import load_settings
from trialhouse.sync import sync_day

SECONDS_BETWEEN_LOOKS = 0.02


def main() -> None:
    """Land the folder's first day in an empty home and watch the home grow."""
    source = open_source(sys.argv[1])
    day = source.days()[0]
    sizes: list[int] = []
    with running(source) as address, tempfile.TemporaryDirectory() as home:
        os.environ["TRIALHOUSE_HOME"] = home
        os.environ["TRIALHOUSE_REGISTRY_URL"] = f"{address}/days/{{snapshot_date}}/api/v2"
        done = threading.Event()
        watcher = threading.Thread(target=watch, args=(Path(home), sizes, done))
        watcher.start()
        started = time.monotonic()
        report = sync_day(load_settings(), day)
        seconds = time.monotonic() - started
        done.set()
        watcher.join()
        kept = size_of(Path(home))
    json_bytes = sum(len(source.study(day, nct_id) or b"") for nct_id in source.nct_ids(day))
    print(f"records {report.studies}, {report.studies / seconds:.0f} a second")
    for name, count in (("JSON", json_bytes), ("largest on disk", max(sizes)), ("kept on disk", kept)):
        print(f"{name:<16}{count / report.studies:>10.0f} bytes a record")


def watch(home: Path, sizes: list[int], done: threading.Event) -> None:
    while not done.is_set():
        sizes.append(size_of(home))
        time.sleep(SECONDS_BETWEEN_LOOKS)


if __name__ == "__main__":
    main()
