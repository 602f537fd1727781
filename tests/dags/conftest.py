"""The DAGs as plain facts, read by a process of its own: Airflow settles in a process once and for all."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from trialhouse.airflow_environment import DEFAULT_PORT, airflow_environment
from trialhouse.settings import PROJECT, load_settings

READ_THE_BAG = """
import contextlib, json, sys
with contextlib.redirect_stdout(sys.stderr):
    from airflow.dag_processing.dagbag import DagBag
    bag = DagBag(sys.argv[1])
def task_facts(task):
    policy = task.retry_policy
    return {
        "downstream": sorted(task.downstream_task_ids),
        "retries": task.retries,
        "retries_after": [rule.exception_path for rule in policy.rules] if policy else [],
        "after_other_errors": policy.default.value if policy else None,
        "pool": task.pool,
        "outlets": [asset.name for asset in task.outlets],
    }
def dag_facts(dag):
    return {
        "dag_id": dag.dag_id,
        "file_stem": dag.fileloc.rpartition("/")[2].removesuffix(".py"),
        "doc": dag.doc_md,
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "timetable": type(dag.timetable).__name__,
        "key_format": getattr(dag.timetable, "key_format", None),
        "follows": getattr(getattr(dag.timetable, "asset_condition", None), "name", None),
        "tasks": {task.task_id: task_facts(task) for task in dag.tasks},
    }
print(json.dumps({"errors": bag.import_errors, "dags": [dag_facts(dag) for dag in bag.dags.values()]}))
"""


@dataclass(frozen=True, slots=True)
class Bag:
    """What Airflow makes of the DAG files."""

    import_errors: dict[str, str]
    dags: dict[str, dict[str, Any]]

    def tasks(self) -> dict[str, dict[str, Any]]:
        """Every task, by `dag_id.task_id`."""
        return {
            f"{dag_id}.{task_id}": task
            for dag_id, dag in self.dags.items()
            for task_id, task in dag["tasks"].items()
        }


@pytest.fixture(scope="session")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Bag:
    return bag_of({"TRIALHOUSE_HOME": str(tmp_path_factory.mktemp("home"))})


@pytest.fixture(scope="session")
def bag_with_store(tmp_path_factory: pytest.TempPathFactory) -> Bag:
    return bag_of(
        {
            "TRIALHOUSE_HOME": str(tmp_path_factory.mktemp("home")),
            "TRIALHOUSE_OBJECT_STORE": "s3://bucket/prefix",
            "TRIALHOUSE_SHARED_CATALOGUE": "set",
        }
    )


def bag_of(variables: dict[str, str]) -> Bag:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        environment = {**os.environ, **airflow_environment(load_settings(), port=DEFAULT_PORT)}
    answer = subprocess.run(
        [sys.executable, "-c", READ_THE_BAG, str(PROJECT / "dags")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    facts = json.loads(answer.stdout)
    return Bag(facts["errors"], {dag["dag_id"]: dag for dag in facts["dags"]})


@pytest.fixture(scope="session")
def dag_files() -> list[Path]:
    return sorted((PROJECT / "dags").glob("*.py"))
