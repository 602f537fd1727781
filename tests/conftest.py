"""What every test shares."""

import os
import sys
import tempfile
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


class ModulesTogether(LoadFileScheduling):  # type: ignore[misc]
    """One worker runs a module, or the modules that belong together."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return TOGETHER.get(Path(file).name, file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ModulesTogether:
    return ModulesTogether(config, log)
