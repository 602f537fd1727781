"""The services of Airflow as children of this process: started together, watched, stopped together."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

from trialhouse.airflow_environment import (
    DEFAULT_PORT,
    EXECUTION_API,
    USER,
    airflow_environment,
    log_folder,
    passwords_file,
)
from trialhouse.airflow_home import enter_home, prepare_airflow
from trialhouse.errors import ServiceEnded, SettingsInvalid
from trialhouse.loopback import require_free_port
from trialhouse.settings import Settings

COMMANDS = {  # the api-server reads task logs from disk, so nobody needs another to serve them
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
    "worker": ["celery", "worker", "--skip-serve-logs"],
}
# No triggerer: no task of ours defers; containers have one for tasks that are added. A worker is Celery's.
ON_ONE_MACHINE = ("api-server", "scheduler", "dag-processor")
# What /api/v2/monitor/health calls them.
HEALTH_PARTS = {
    "api-server": "metadatabase",
    "scheduler": "scheduler",
    "dag-processor": "dag_processor",
    "triggerer": "triggerer",
}
SECONDS_TO_HEALTH = 180.0
SECONDS_TO_STOP = 10.0
SECONDS_BETWEEN_LOOKS = 0.5

Services = dict[str, "subprocess.Popen[bytes]"]


def airflow_up(settings: Settings, port: int = DEFAULT_PORT, tell: Callable[[str], object] = print) -> None:
    """Run every service until SIGINT or SIGTERM (or until one ends), then stop them all.

    Raises:
        SettingsInvalid: the port is taken.
        ServiceEnded: a service ended by itself, or did not become healthy in time.
    """
    require_free_port(port)
    prepare_airflow(settings, port)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    services: Services = {}
    try:
        for name in ON_ONE_MACHINE:
            services[name] = _start_service(settings, name)
        _wait_for_health(settings, services, port, stop)
        if not stop.is_set():
            tell(f"Airflow is up: http://127.0.0.1:{port}")
            tell(f"log in as {USER}; the password is in {passwords_file(settings)}")
        while not stop.wait(SECONDS_BETWEEN_LOOKS):
            _check_all_run(settings, services)
    finally:
        _stop_services(services)
        tell("Airflow is down")


def become_service(settings: Settings, name: str) -> None:
    """Replace this process by one service of Airflow; `prepare` makes database, pool and password, and ends.

    Raises:
        SettingsInvalid: there is no such service.
    """
    if name == "prepare":
        prepare_airflow(settings)
        settings.warehouse_folder.mkdir(parents=True, exist_ok=True)
        return
    if name not in COMMANDS:
        raise SettingsInvalid(f"no service {name!r}: prepare, {', '.join(COMMANDS)}")
    enter_home(settings)
    os.execv(sys.executable, [sys.executable, "-m", "airflow", *COMMANDS[name]])


def check_service(settings: Settings, name: str) -> None:
    """Ask the api-server whether one service is healthy.

    Raises:
        SettingsInvalid: the api-server does not know of such a service.
        ServiceEnded: it is not healthy, or the api-server does not answer.
    """
    if name not in HEALTH_PARTS:
        raise SettingsInvalid(f"{name!r} has no health here: {', '.join(HEALTH_PARTS)}")
    health = _health(
        airflow_environment(settings, port=DEFAULT_PORT)[EXECUTION_API].removesuffix("/execution/")
    )
    if health.get(HEALTH_PARTS[name]) != "healthy":
        raise ServiceEnded(f"{name} is not healthy: {health or 'the api-server does not answer'}")


def _start_service(settings: Settings, name: str) -> "subprocess.Popen[bytes]":
    """Start one service as leader of a session of its own, so that its whole offspring can be found."""
    with _service_log(settings, name).open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "airflow", *COMMANDS[name]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _service_log(settings: Settings, name: str) -> Path:
    return log_folder(settings) / f"{name}.log"


def _wait_for_health(settings: Settings, services: Services, port: int, stop: threading.Event) -> None:
    deadline = time.monotonic() + SECONDS_TO_HEALTH
    wanted = [HEALTH_PARTS[name] for name in ON_ONE_MACHINE]
    while {_health(f"http://127.0.0.1:{port}").get(part) for part in wanted} != {"healthy"}:
        _check_all_run(settings, services)
        if time.monotonic() > deadline:
            raise ServiceEnded(f"not healthy after {SECONDS_TO_HEALTH:.0f} s; logs: {log_folder(settings)}")
        if stop.wait(SECONDS_BETWEEN_LOOKS):
            return


def _health(address: str) -> dict[str, str]:
    """What the api-server says of each service by its last heartbeat; nothing if it does not answer."""
    try:
        with urllib.request.urlopen(f"{address}/api/v2/monitor/health", timeout=5) as answer:
            return {part: said["status"] for part, said in json.load(answer).items()}
    except OSError:
        return {}


def _check_all_run(settings: Settings, services: Services) -> None:
    for name, process in services.items():
        if (code := process.poll()) is not None:
            raise ServiceEnded(f"{name} ended with code {code}; log: {_service_log(settings, name)}")


def _stop_services(services: Services) -> None:
    """Ask each to end; then end what is left of their sessions: a task, a parser, a worker."""
    for process in services.values():
        process.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for process in services.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    sessions = {process.pid for process in services.values()}
    for pid in psutil.pids():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) in sessions:
                os.kill(pid, signal.SIGKILL)
    for process in services.values():
        process.wait()
