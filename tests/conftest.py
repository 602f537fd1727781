"""What every test shares."""

import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

# Airflow makes folders below its home when it is first imported: not in the home of whoever runs the tests.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="trialhouse-tests-airflow-")

# Machines are noisy: a slow example is not a failure.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# Modules that share what takes minutes to make.
TOGETHER = {"test_queries.py": "real records", "test_real_days.py": "real records"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs a module, or the modules of a group."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(TOGETHER.get(item.path.name, str(item.path))))
