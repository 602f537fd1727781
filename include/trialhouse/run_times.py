"""How long each step of a day took and how it ended: a line of JSON a try, for the dashboards."""

import os
from dataclasses import asdict, dataclass
from datetime import date, datetime

import orjson

from trialhouse.settings import Settings


@dataclass(frozen=True, slots=True)
class StepRun:
    """One try of a step. snapshot_date: none of a run that did not come to know its day.

    outcome: success, retry or failed.
    """

    snapshot_date: date | None
    pipeline: str
    step: str
    started_at: datetime
    seconds: float
    outcome: str


def note_step(settings: Settings, run: StepRun) -> None:
    """Add a line to the file of the month in which it began; lines of two writers do not mix."""
    file = settings.runs_folder / f"{run.started_at:%Y-%m}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, orjson.dumps(asdict(run)) + b"\n")
    finally:
        os.close(descriptor)
