"""What the gate on arrival said of each landed day; builds leave out a held day until it is judged green."""

import json
from datetime import date
from pathlib import Path

from trialhouse.lake import write_atomically
from trialhouse.settings import Settings


def record_verdict(settings: Settings, day: date, *, passed: bool) -> None:
    write_atomically(_verdict_file(settings, day), json.dumps({"passed": passed}).encode())


def held_days(settings: Settings) -> set[date]:
    """Days judged red."""
    return {day for day, passed in _verdicts(settings).items() if not passed}


def judged_days(settings: Settings) -> set[date]:
    """Days judged at all."""
    return set(_verdicts(settings))


def _verdicts(settings: Settings) -> dict[date, bool]:
    files = settings.gates_folder.glob("snapshot_date=*/raw_verdict.json")
    return {
        date.fromisoformat(file.parent.name.removeprefix("snapshot_date=")): json.loads(file.read_bytes())[
            "passed"
        ]
        for file in files
    }


def _verdict_file(settings: Settings, day: date) -> Path:
    return settings.gates_folder / f"snapshot_date={day}" / "raw_verdict.json"
