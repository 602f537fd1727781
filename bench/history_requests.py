"""Print how many requests the plan of past versions saves, on stored answers of the history interface.

python bench/history_requests.py FOLDER      a folder of answers of /api/int/studies/{id}?history=true
"""

import json
import sys
from pathlib import Path

from trialhouse.history.answers import Change, read_index
from trialhouse.history.plan import WANTED_LABELS, wanted_versions

NARROW_LABELS = ("Outcome Measures", "Study Design")


def main() -> None:
    """Print one line an answer, and their sum; every count of requests includes the one for the index."""
    print(f"{'trial':<12}{'versions':>10}{'all':>10}{'default':>10}{'narrow':>10}")
    rows = [counted(file) for file in sorted(Path(sys.argv[1]).glob("*.json"))]
    total = ("in all", *(sum(column) for column in list(zip(*rows, strict=True))[1:]))
    for name, *counts in [*rows, total]:
        print(f"{name:<12}" + "".join(f"{count:>10}" for count in counts))
    print(f"default: {', '.join(WANTED_LABELS)}")
    print(f"narrow: {', '.join(NARROW_LABELS)}, and every change of status")


def counted(file: Path) -> tuple[str, int, int, int, int]:
    """The trial, its versions, and requests of reading all, by the default labels, by the narrow ones."""
    changes = read_index(json.dumps(json.loads(file.read_bytes())["history"]).encode())
    return (
        file.name.partition(".")[0],
        len(changes),
        1 + len(changes),
        requests(changes, WANTED_LABELS),
        requests(changes, NARROW_LABELS),
    )


def requests(changes: list[Change], labels: tuple[str, ...]) -> int:
    return 1 + len(wanted_versions(changes, labels))


if __name__ == "__main__":
    main()
