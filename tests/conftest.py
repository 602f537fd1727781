"""What every test shares."""

import os
import sys
import tempfile
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

# Airflow makes folders below its home when it is first imported: not in the home of whoever runs the tests.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="trialhouse-tests-airflow-")

# Machines are noisy: a slow example is not a failure.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
