"""What the DAG files share: assets, pool, retry rules, and the day a run is about."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from airflow.sdk import Asset, Context, ExceptionRetryPolicy, RetryAction, RetryRule

from trialhouse.errors import SettingsInvalid
from trialhouse.run_times import StepRun, note_step
from trialhouse.settings import load_settings

log = logging.getLogger(__name__)

RAW_STUDIES = Asset("raw_ctgov__studies")
WAREHOUSE = Asset("ctgov_warehouse")

WRITER_POOL = "trialhouse_writer"
WRITER_POOL_SLOTS = 1

PARTITION_KEY_FORMAT = "%Y-%m-%d"
DAY_IN_CONF = "snapshot_date"

NETWORK_RETRIES = 3
# A machine that lost its power loses no day: every task may be begun again.
RETRIES_OF_THE_DEAD = 2
FIRST_RETRY_AFTER = timedelta(minutes=1)
LONGEST_RETRY_DELAY = timedelta(minutes=20)


class RunWithDay(Protocol):
    """The part of a DAG run that says which day it is about."""

    @property
    def partition_key(self) -> str | None: ...

    @property
    def conf(self) -> dict[str, Any] | None: ...

    @property
    def run_type(self) -> str: ...


def snapshot_date_of(dag_run: RunWithDay) -> date | None:
    """The day of a run: its partition key, else `snapshot_date` of its conf, else none (a live present).

    Raises:
        SettingsInvalid: the day is not written YYYY-MM-DD.
    """
    text = dag_run.partition_key or (dag_run.conf or {}).get(DAY_IN_CONF)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise SettingsInvalid(f"a run's day is YYYY-MM-DD, not {text!r}") from None


def known_snapshot_date_of(dag_run: RunWithDay) -> date:
    """The day of a run that cannot do without one.

    Raises:
        SettingsInvalid: the run has neither a partition key nor `snapshot_date` in its conf.
    """
    snapshot_date = snapshot_date_of(dag_run)
    if snapshot_date is None:
        raise SettingsInvalid(f'say which day: a partition key, or conf {{"{DAY_IN_CONF}": "YYYY-MM-DD"}}')
    return snapshot_date


def is_scheduled(dag_run: RunWithDay) -> bool:
    """Whether the clock began this run, for a day that nobody asked for."""
    return dag_run.run_type == "scheduled"


def is_told_by_conf(dag_run: RunWithDay) -> bool:
    """Whether a person ran this one DAG for this one day; such a run starts nothing downstream."""
    return dag_run.partition_key is None and DAY_IN_CONF in (dag_run.conf or {})


def pass_day_on(context: Mapping[str, Any], asset: Asset, snapshot_date: date) -> None:
    """Put the registry's day on the asset event, so that the next DAG runs for the same day.

    A run with a key passes it on by itself; this also serves a run by hand that asked for the present.
    """
    if not is_told_by_conf(context["dag_run"]):
        context["outlet_events"][asset].add_partitions(snapshot_date.strftime(PARTITION_KEY_FORMAT))


def counts_of(report: Any) -> dict[str, int | str]:
    """A report as the small dictionary a task hands on: its day and its counts, never rows."""
    values = {field.name: getattr(report, field.name) for field in fields(report)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def retry_only(*errors: type[Exception]) -> dict[str, Any]:
    """Task arguments beside `retries`: after these errors try again, ever later; after others give up.

    A task that raised nothing because its process died is always tried again.
    """
    rules = [RetryRule(exception=list(errors), action=RetryAction.RETRY)] if errors else []
    return {
        "retry_delay": FIRST_RETRY_AFTER,
        "retry_exponential_backoff": 2,
        "max_retry_delay": LONGEST_RETRY_DELAY,
        "retry_policy": ExceptionRetryPolicy(rules=rules, default=RetryAction.FAIL),
    }


def failed_tasks_of(context: Mapping[str, Any]) -> list[str]:
    """Tasks of this run that failed, by name; those that waited for them in vain are left out."""
    dag_run = context["dag_run"]
    states = context["ti"].get_task_states(dag_id=dag_run.dag_id, run_ids=[dag_run.run_id])
    return sorted(task for task, state in states[dag_run.run_id].items() if state == "failed")


def log_failure(context: Context) -> None:
    """One line for whoever greps the logs."""
    instance, error = context["ti"], context.get("exception")
    log.error(
        "failed dag=%s task=%s day=%s try=%d error=%s message=%s",
        instance.dag_id,
        instance.task_id,
        snapshot_date_of(context["dag_run"]),
        instance.try_number,
        type(error).__name__,
        error,
    )


def note_outcome(outcome: str) -> Callable[[Context], None]:
    """A callback that keeps how long the try took; the dashboards show it."""

    def note(context: Context) -> None:
        instance = context["ti"]
        started_at = instance.start_date
        run = StepRun(
            snapshot_date=snapshot_date_of(context["dag_run"]),
            pipeline=instance.dag_id,
            step=instance.task_id,
            started_at=started_at,
            seconds=round((datetime.now(UTC) - started_at).total_seconds(), 1),
            outcome=outcome,
        )
        note_step(load_settings(), run)

    return note


DEFAULT_ARGS: dict[str, Any] = {
    "owner": "trialhouse",
    "retries": RETRIES_OF_THE_DEAD,
    **retry_only(),
    "on_failure_callback": [log_failure, note_outcome("failed")],
    "on_retry_callback": note_outcome("retry"),
    "on_success_callback": note_outcome("success"),
}
