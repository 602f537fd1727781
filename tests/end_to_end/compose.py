"""Services of docker-compose.yml as plain processes: their own command and environment, other addresses."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from trialhouse.settings import PROJECT

FILE = PROJECT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?::(?P<sign>[?+-])(?P<said>[^}]*))?\}")
INHERITED = ("PATH", "HOME", "LANG")


def services(values: Mapping[str, str]) -> dict[str, Any]:
    """What stands in the file, with its variables filled in.

    Raises:
        KeyError: one that the file demands is not given.
    """

    def fill(found: re.Match[str]) -> str:
        if found.group() == "$$":
            return "$"
        given = values.get(found["name"])
        if found["sign"] == "+":
            return found["said"] if given else ""
        if given:
            return given
        if found["sign"] == "?":
            raise KeyError(found["said"])
        return found["said"] or ""

    parsed: dict[str, Any] = yaml.safe_load(FILE.read_text())["services"]
    return {name: _filled(service, fill) for name, service in parsed.items()}


def _filled(value: Any, fill: Any) -> Any:
    if isinstance(value, str):
        return VARIABLE.sub(fill, value)
    if isinstance(value, list):
        return [_filled(each, fill) for each in value]
    if isinstance(value, dict):
        return {name: _filled(each, fill) for name, each in value.items()}
    return value


def read_env_file(file: Path) -> dict[str, str]:
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


@dataclass
class Machine:
    """Where the containers would be.

    addresses: put in place of theirs. settings: what stands in trialhouse.env. clock: of every process.
    """

    services: dict[str, Any]
    addresses: Mapping[str, str]
    settings: dict[str, str]
    clock: dict[str, str]
    logs: Path
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def environment(self, name: str) -> dict[str, str]:
        service = self.services[name]
        settings = self.settings if "env_file" in service else {}
        said = settings | {key: str(value) for key, value in service["environment"].items()}
        for theirs, here in self.addresses.items():
            said = {key: value.replace(theirs, here) for key, value in said.items()}
        inherited = {key: os.environ[key] for key in INHERITED if key in os.environ}
        return inherited | {"PYTHONPATH": "include:."} | self.clock | said

    def command(self, name: str, *more: str) -> list[str]:
        return [sys.executable, "-m", "trialhouse.cli", *self.services[name]["command"], *more]

    def run(self, name: str, *more: str) -> "subprocess.CompletedProcess[str]":
        """A service that ends by itself, or its check."""
        return subprocess.run(
            self.command(name, *more),
            env=self.environment(name),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *names: str) -> None:
        for name in names:
            with (self.logs / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    self.command(name),
                    env=self.environment(name),
                    cwd=PROJECT,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def wait_until_healthy(self, *names: str, seconds: float = 180) -> None:
        deadline = time.monotonic() + seconds
        for name in names:
            while (checked := self.run(name, "--check")).returncode:
                assert self.running[name].poll() is None, f"{name} ended: {self.log_of(name)}"
                assert time.monotonic() < deadline, checked.stderr
                time.sleep(1)

    def log_of(self, name: str) -> str:
        return self.whole_log_of(name)[-4_000:]

    def whole_log_of(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text()

    def kill_all(self) -> None:
        """As when the power fails: every process of every service, at once."""
        import psutil

        sessions = {process.pid for process in self.running.values()}
        for process in psutil.process_iter():
            try:
                if os.getsid(process.pid) in sessions:
                    os.kill(process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue
        for started in self.running.values():
            started.wait()
        self.running.clear()
