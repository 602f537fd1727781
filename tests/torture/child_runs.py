"""Start `one_run.py` as a process group of its own, listen to it, kill it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from trialhouse.local_registry.server import running
from trialhouse.settings import PROJECT

ONE_RUN = Path(__file__).with_name("one_run.py")

Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ChildRuns:
    """Children that run days of one registry; `enter`: a command that starts them somewhere else.

    The home is theirs to see; `log` takes what they say to a person.
    """

    registry_address: str
    home: Path
    log: Path
    enter: tuple[str, ...] = ()

    def start(self, last_step: str, days: Sequence[date]) -> "subprocess.Popen[str]":
        environment = {
            **os.environ,
            "PYTHONPATH": f"{PROJECT / 'include'}:{PROJECT}",
            "TRIALHOUSE_HOME": str(self.home),
            "TRIALHOUSE_REGISTRY_URL": f"{self.registry_address}/days/{{snapshot_date}}/api/v2",
            "TRIALHOUSE_SYNC_MODE": "full",
        }
        command = [*self.enter, sys.executable, str(ONE_RUN), last_step, *map(str, days)]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
            )

    def exit_code(self, last_step: str, days: Sequence[date]) -> int:
        """Run the days to an end, whatever end it is."""
        process = self.start(last_step, days)
        process.communicate()
        return process.returncode

    def run(self, last_step: str, days: Sequence[date]) -> dict[Step, float]:
        """Run the days undisturbed; returns how many seconds each step took."""
        process = self.start(last_step, days)
        assert process.stdout is not None
        begun = [(_step(line), time.monotonic()) for line in process.stdout]
        ended = time.monotonic()
        assert process.wait() == 0, self.last_words()
        ends = [moment for _, moment in begun[1:]] + [ended]
        return {step: end - start for (step, start), end in zip(begun, ends, strict=True)}

    def run_and_kill(
        self, last_step: str, days: Sequence[date], wanted: str, fraction: float, seconds: dict[Step, float]
    ) -> str | None:
        """Kill the run at a fraction of a step; returns the step it was in, or None if it had ended."""
        process = self.start(last_step, days)
        assert process.stdout is not None
        told: list[Step] = []
        for line in process.stdout:
            told.append(_step(line))
            if told[-1][0] == wanted:
                time.sleep(fraction * seconds[told[-1]])
                os.killpg(process.pid, signal.SIGKILL)
                break
        told += [_step(line) for line in process.communicate()[0].splitlines()]
        assert process.returncode in (0, -signal.SIGKILL), self.last_words()
        return told[-1][0] if process.returncode else None

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]


def _step(line: str) -> Step:
    step, day = line.split()
    return step, day


@contextmanager
def served(source: Any) -> Iterator[str]:
    """The address of a registry for children."""
    with running(source) as address:
        yield address
