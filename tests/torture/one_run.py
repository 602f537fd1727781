"""What a child process does: run days, saying before each step what comes, so that a killer can count."""

import ctypes
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from trialhouse import gates
from trialhouse.alerts import alert_day
from trialhouse.errors import TrialhouseError
from trialhouse.lake import Lake
from trialhouse.publish import export_parquet, publish
from trialhouse.settings import Settings, load_settings
from trialhouse.sync import sync_day
from trialhouse.warehouse import awaits_build, build_marts

Step = tuple[str, date]


def run_as_child(
    tell: Connection,
    environment: Mapping[str, str],
    log: Path,
    namespaces_of: int | None,
    last_step: str,
    days: Sequence[date],
) -> None:
    """Run the days in a process group, and if so wished in the namespaces of another process."""
    os.setsid()
    os.environ.update(environment)
    with log.open("ab") as said:
        os.dup2(said.fileno(), sys.stdout.fileno())
        os.dup2(said.fileno(), sys.stderr.fileno())
    if namespaces_of is not None:
        _enter_namespaces(namespaces_of)
    try:
        for day in days:
            _run_day(tell, load_settings(), day, last_step)
    except TrialhouseError as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        sys.exit(error.exit_code)


def _run_day(tell: Connection, settings: Settings, day: date, last_step: str) -> None:
    tell.send(("ask again" if Lake(settings.lake).has(day) else "sync", day))
    sync_day(settings, day)
    if last_step == "sync":
        return
    if awaits_build(settings, day):
        _build_day(tell, settings, day)
    export_parquet(settings)
    if last_step == "alert":
        tell.send(("alert", day))
        alert_day(settings, day)


def _build_day(tell: Connection, settings: Settings, day: date) -> None:
    tell.send(("check_raw", day))
    gates.check_raw(settings, day)
    tell.send(("build", day))
    build_marts(settings, day)
    tell.send(("check_marts", day))
    gates.check_marts(settings, day)
    tell.send(("flag", day))
    gates.flag_status_changes(settings, day)
    tell.send(("publish", day))
    publish(settings)


def _enter_namespaces(pid: int) -> None:
    """The user and mount namespaces of a process; one that has just been forked has one thread and may."""
    libc = ctypes.CDLL(None, use_errno=True)
    places = [os.open(f"/proc/{pid}/ns/{kind}", os.O_RDONLY) for kind in ("user", "mnt")]
    for place in places:
        if libc.setns(place, 0):
            raise OSError(ctypes.get_errno(), "setns")
