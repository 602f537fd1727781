"""Superset as a child of this process, in an environment of its own: dashboards over the published file."""

import json
import os
import secrets
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from trialhouse.errors import ServiceEnded, SettingsInvalid
from trialhouse.loopback import require_free_port
from trialhouse.private_files import write_once
from trialhouse.settings import PROJECT, Settings

FOLDER = PROJECT / "dashboards"
ENVIRONMENT = PROJECT / ".venv-dashboards" / "bin"
DEFAULT_PORT = 8088
USER = "admin"
PASSWORD = "TRIALHOUSE_DASHBOARDS_PASSWORD"
PAGES = ("landscape", "what-changed", "sponsors-and-compliance", "data-health", "trial")
SECONDS_TO_HEALTH = 120.0
SECONDS_TO_STOP = 10.0
SECONDS_BETWEEN_LOOKS = 0.5
# Every query is a DuckDB of its own, with two threads: more at once would only wait for the processors.
THREADS = 6
SECONDS_A_QUERY = 120


def dashboards_up(
    settings: Settings, port: int = DEFAULT_PORT, tell: Callable[[str], object] = print
) -> None:
    """Run Superset until SIGINT or SIGTERM, or until it ends.

    Raises:
        SettingsInvalid: nothing is published, the port is taken, or the environment is not there.
        ServiceEnded: Superset could not be made ready, or ended by itself.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with dashboards_running(settings, port, tell) as superset:
        tell(f"Superset is up: http://127.0.0.1:{port}/superset/dashboard/{PAGES[0]}/")
        tell(f"log in as {USER}; {_where_the_password_is(settings)}")
        while not stop.wait(SECONDS_BETWEEN_LOOKS):
            _require_running(settings, superset)
    tell("Superset is down")


@contextmanager
def dashboards_running(
    settings: Settings, port: int, tell: Callable[[str], object] = print
) -> "Iterator[subprocess.Popen[bytes]]":
    """Superset with our dashboards as they are in the files; healthy when yielded, ended after."""
    _require_ready(settings)
    require_free_port(port)
    tell("making Superset ready (some 15 seconds)")
    _prepare(settings)
    superset = _start(settings, port)
    try:
        _wait_for_health(settings, superset, port)
        yield superset
    finally:
        superset.terminate()
        try:
            superset.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            superset.kill()
            superset.wait()


def passwords_file(settings: Settings) -> Path:
    """JSON `{user: password}`, readable by its owner only; TRIALHOUSE_DASHBOARDS_PASSWORD goes before it."""
    file = superset_folder(settings) / "passwords.json"
    write_once(file, {USER: secrets.token_urlsafe(12)})
    return file


def _where_the_password_is(settings: Settings) -> str:
    if os.environ.get(PASSWORD):
        return f"the password is {PASSWORD}"
    return f"the password is in {passwords_file(settings)}"


def password_of(settings: Settings) -> str:
    """Of the one user: what the environment says, else made at random once."""
    kept: dict[str, str] = json.loads(passwords_file(settings).read_text())
    return os.environ.get(PASSWORD) or kept[USER]


def superset_folder(settings: Settings) -> Path:
    return settings.home / "superset"


def superset_log(settings: Settings) -> Path:
    return settings.logs_folder / "superset.log"


def _require_ready(settings: Settings) -> None:
    if not settings.published_file.exists():
        raise SettingsInvalid(f"nothing is published in {settings.home} yet: `make run` first")
    if not (ENVIRONMENT / "gunicorn").exists():
        raise SettingsInvalid("Superset is not installed: `make dashboards` installs it")


def _environment(settings: Settings) -> dict[str, str]:
    folder = superset_folder(settings)
    kept = write_once(folder / "secrets.json", {"secret_key": secrets.token_urlsafe(42)})
    return dict(os.environ) | {
        "TRIALHOUSE_HOME": str(settings.home),
        PASSWORD: password_of(settings),
        "SUPERSET_HOME": str(folder),
        "PYTHONPATH": str(FOLDER),  # Superset looks there for superset_config
        "SUPERSET_SECRET_KEY": os.environ.get("SUPERSET_SECRET_KEY") or kept["secret_key"],
    }


def _prepare(settings: Settings) -> None:
    command = [str(ENVIRONMENT / "python"), str(FOLDER / "prepare.py"), USER]
    with _log(settings).open("ab") as output:
        done = subprocess.run(
            command,
            env=_environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
    if done.returncode:
        raise ServiceEnded(f"Superset could not be made ready; log: {superset_log(settings)}")


def _start(settings: Settings, port: int) -> "subprocess.Popen[bytes]":
    host = os.environ.get("TRIALHOUSE_DASHBOARDS_HOST", "127.0.0.1")
    command = [
        *(str(ENVIRONMENT / "gunicorn"), "superset.app:create_app()", "--bind", f"{host}:{port}"),
        *("--worker-class", "gthread", "--threads", str(THREADS), "--timeout", str(SECONDS_A_QUERY)),
    ]
    with _log(settings).open("ab") as output:
        return subprocess.Popen(
            command, env=_environment(settings), stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )


def _log(settings: Settings) -> Path:
    superset_log(settings).parent.mkdir(parents=True, exist_ok=True)
    return superset_log(settings)


def _wait_for_health(settings: Settings, superset: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_HEALTH
    while not _is_healthy(port):
        _require_running(settings, superset)
        if time.monotonic() > deadline:
            raise ServiceEnded(f"not healthy after {SECONDS_TO_HEALTH:.0f} s; log: {superset_log(settings)}")
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _require_running(settings: Settings, superset: "subprocess.Popen[bytes]") -> None:
    if (code := superset.poll()) is not None:
        raise ServiceEnded(f"Superset ended with code {code}; log: {superset_log(settings)}")
