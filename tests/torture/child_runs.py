"""Start processes that run days of a registry, listen to them, kill them."""

import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from alert_builders import bot_connection
from torture.one_run import Step, run_as_child
from torture.slack_picture import Told

# Children are forked from a process that has imported what costs seconds to import and done nothing else.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "great_expectations",
        "dbt.cli.main",
        "trialhouse.gates",
        "trialhouse.sync",
        "trialhouse.publish",
        "trialhouse.alerts.channels.slack_bot",
    ]
)
EVERYTHING = Path(__file__).with_name("everything.yml")


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A registry, the home as it was after each of its days, and how many seconds each step took.

    told: what Slack was told in all, where the runs end with alerts.
    """

    registry_address: str
    home_after: dict[date, Path]
    seconds: dict[Step, float]
    told: tuple[Told, ...] = ()

    @property
    def days(self) -> list[date]:
        return list(self.home_after)


@dataclass(frozen=True, slots=True)
class ChildRuns:
    """Children that run days of one registry in one home; `log` takes what they say.

    namespaces_of: a process that sees the home, where it is not to be seen from here. slack_address: where
    the bot's messages go, of runs that end with alerts.
    sync_mode: a sweep reads everything on the first day and what changed on the others.
    """

    registry_address: str
    home: Path
    log: Path
    namespaces_of: int | None = None
    sync_mode: str = "sweep"
    slack_address: str = ""

    def exit_code(self, last_step: str, days: Sequence[date]) -> int:
        """Run the days to whatever end."""
        return self.steps_and_exit_code(last_step, days)[1]

    def steps_and_exit_code(self, last_step: str, days: Sequence[date]) -> tuple[list[Step], int]:
        process, told = self._start(last_step, days)
        steps = list(_heard(told))
        process.join()
        return steps, process.exitcode or 0

    def seconds_of_steps(self, last_step: str, days: Sequence[date]) -> dict[Step, float]:
        """Run the days undisturbed."""
        process, told = self._start(last_step, days)
        begun = [(step, time.monotonic()) for step in _heard(told)]
        ends = [moment for _, moment in begun[1:]] + [time.monotonic()]
        process.join()
        assert process.exitcode == 0, self.last_words()
        return {step: end - start for (step, start), end in zip(begun, ends, strict=True)}

    def step_killed_in(
        self, last_step: str, days: Sequence[date], wanted: str, fraction: float, seconds: dict[Step, float]
    ) -> str | None:
        """Kill a run at a fraction of the first step of that name; None if the run had ended by then."""
        process, told = self._start(last_step, days)
        steps: list[Step] = []
        for step in _heard(told):
            steps.append(step)
            if step[0] == wanted:
                time.sleep(fraction * seconds[step])
                os.killpg(process.pid or 0, signal.SIGKILL)
                break
        steps += _heard(told)
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL), self.last_words()
        return steps[-1][0] if process.exitcode else None

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    def _start(self, last_step: str, days: Sequence[date]) -> tuple[BaseProcess, Connection]:
        environment = {
            "TRIALHOUSE_HOME": str(self.home),
            "TRIALHOUSE_REGISTRY_URL": f"{self.registry_address}/days/{{snapshot_date}}/api/v2",
            "TRIALHOUSE_SYNC_MODE": self.sync_mode,
            "TRIALHOUSE_WATCHLISTS": str(EVERYTHING),
            "AIRFLOW_CONN_A_BOT": bot_connection(self.slack_address),
        }
        _start_quiet_tracker()
        told, tell = FORKS.Pipe(duplex=False)
        arguments = (tell, environment, self.log, self.namespaces_of, last_step, days)
        process = FORKS.Process(target=run_as_child, args=arguments)
        process.start()
        tell.close()
        return process, told


@cache
def _start_quiet_tracker() -> None:
    """What a killed child held is released at the end of the tests, which is worth no warning."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONWARNINGS", "ignore::UserWarning:multiprocessing.resource_tracker")
        resource_tracker.ensure_running()


def _heard(told: Connection) -> Iterator[Step]:
    """Every step that a child begins, until it ends."""
    while True:
        try:
            yield told.recv()
        except EOFError:
            return


def run_undisturbed(
    registry_address: str,
    days: Sequence[date],
    folder: Path,
    last_step: str,
    sync_mode: str = "sweep",
    slack_address: str = "",
) -> Undisturbed:
    """Run day after day, and keep the home after each."""
    runs = ChildRuns(
        registry_address,
        folder / "home",
        folder / "children.log",
        sync_mode=sync_mode,
        slack_address=slack_address,
    )
    runs.home.mkdir()
    seconds: dict[Step, float] = {}
    for day in days:
        seconds |= runs.seconds_of_steps(last_step, [day])
        shutil.copytree(runs.home, folder / str(day), symlinks=True)
    return Undisturbed(registry_address, {day: folder / str(day) for day in days}, seconds)
