"""A self-contained Airflow below `TRIALHOUSE_HOME`: its database, its writers' pool, one day by hand.

Nothing here imports Airflow at the top: Airflow reads its environment once, when it is first imported.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from trialhouse.airflow_environment import DEFAULT_PORT, airflow_environment, console_log
from trialhouse.errors import SettingsInvalid
from trialhouse.settings import PROJECT, Settings, load_settings

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk import DAG, Context


def prepare_airflow(settings: Settings, port: int = DEFAULT_PORT) -> None:
    """Make or migrate the database if need be, and the pool of the writers; quick when done already."""
    enter_home(settings, port)
    with _console_kept_in(console_log(settings)):
        from airflow.models.pool import Pool
        from airflow.utils import db

        from trialhouse.airflow_assets import WRITER_POOL, WRITER_POOL_SLOTS

        try:
            db.check_migrations(timeout=0)  # type: ignore[no-untyped-call]
        except TimeoutError:
            db.initdb()
        Pool.create_or_update_pool(WRITER_POOL, WRITER_POOL_SLOTS, "works on the build file", False)


def enter_home(settings: Settings, port: int = DEFAULT_PORT) -> None:
    """Set this process's environment, once: an imported Airflow never looks again.

    Raises:
        SettingsInvalid: Airflow was imported for another home.
    """
    environment = airflow_environment(settings, port=port)
    present, wanted = os.environ.get("AIRFLOW_HOME"), environment["AIRFLOW_HOME"]
    if "airflow.settings" in sys.modules and present != wanted:
        raise SettingsInvalid(f"this process runs Airflow in {present}; start another one for {wanted}")
    os.environ.update(environment)


@contextlib.contextmanager
def _console_kept_in(file: Path) -> Iterator[None]:
    """Keep what Airflow, dbt and tasks print or log in a file, so that a person sees only our own lines.

    The stream stays open: Airflow writes its log to the stdout it saw when first imported, for ever.
    """
    kept, root = _open_for_good(file), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = [logging.StreamHandler(kept)]
    root.setLevel(logging.INFO)
    try:
        with contextlib.redirect_stdout(kept), contextlib.redirect_stderr(kept):
            yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


@cache
def _open_for_good(file: Path) -> TextIO:
    file.parent.mkdir(parents=True, exist_ok=True)
    return file.open("a", buffering=1)


def run_day(dag_id: str, snapshot_date: date) -> str:
    """Run one DAG for one day in this process and return how it ended: `success` or `skipped`.

    Nothing downstream starts and no retry waits. The database must be there: `prepare_airflow` first.

    Raises:
        Exception: what the first failed task raised, with a note saying where.
    """
    settings = load_settings()
    enter_home(settings)
    failures: list[BaseException] = []
    with _console_kept_in(console_log(settings)):
        from trialhouse.airflow_assets import DAY_IN_CONF

        dag = _dag_by_hand(dag_id, failures)
        dag_run = dag.test(run_conf={DAY_IN_CONF: snapshot_date.isoformat()})
        states = {instance.state for instance in dag_run.get_task_instances()}
    if failures:
        failures[0].add_note(f"in {dag_id} for {snapshot_date}; log: {console_log(settings)}")
        raise failures[0]
    return "skipped" if states == {"skipped"} else str(dag_run.state)


def _dag_by_hand(dag_id: str, failures: list[BaseException]) -> "DAG":
    """A DAG whose tasks fail at once and leave their error in `failures`."""
    from trialhouse.airflow_assets import log_failure

    def keep_failure(context: "Context") -> None:
        error = context.get("exception")
        failures.append(error if isinstance(error, BaseException) else RuntimeError(str(error)))

    bag = _dag_bag()
    if dag_id not in bag.dags:
        raise SettingsInvalid(f"no DAG {dag_id} in {bag.dag_folder}; import errors: {bag.import_errors}")
    dag = bag.dags[dag_id]
    for task in dag.tasks:
        task.retries = 0
        task.on_failure_callback = [log_failure, keep_failure]
    return dag


@cache
def _dag_bag() -> "DagBag":
    """The DAG files, read once a process."""
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(PROJECT / "dags")
