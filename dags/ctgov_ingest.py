"""Land one day of the registry in the lake.

Runs Monday to Friday at 15:00 UTC (TRIALHOUSE_SCHEDULE), after the registry has published; the partition key
is the day.
A registry that has not moved ends as skipped and starts nothing, unless its day still waits to be published:
then that is started again. So does a replayed registry that has not today. A registry that lags behind is
landed under its own date.
Past days of a replayed or generated registry: trigger this DAG with their partition keys, oldest first.

If it fails: no answer from the registry was retried already, so clear the task while the day lasts;
any other error names what a person must look at. A live day that is over stays missing.
"""

from datetime import UTC, datetime
from typing import Any

from airflow.sdk import CronPartitionTimetable, chain, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from trialhouse.airflow_assets import (
    DEFAULT_ARGS,
    NETWORK_RETRIES,
    PARTITION_KEY_FORMAT,
    RAW_STUDIES,
    WRITER_POOL,
    counts_of,
    failed_tasks_of,
    is_scheduled,
    pass_day_on,
    retry_only,
    snapshot_date_of,
)
from trialhouse.errors import (
    DayNotServed,
    DeliveryFailed,
    RegistryUnavailable,
    SnapshotIncomplete,
    StoreUnavailable,
)
from trialhouse.settings import load_settings

EVERY_DAY = CronPartitionTimetable(load_settings().schedule, timezone="UTC", key_format=PARTITION_KEY_FORMAT)


@dag(
    schedule=EVERY_DAY,
    doc_md=__doc__,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["ctgov"],
)
def ctgov_ingest() -> None:
    @task(
        outlets=[RAW_STUDIES],
        pool=WRITER_POOL,
        retries=NETWORK_RETRIES,
        **retry_only(RegistryUnavailable, SnapshotIncomplete, StoreUnavailable),
    )
    def land_studies(**context: Any) -> dict[str, int | str]:
        from trialhouse.sync import sync_day
        from trialhouse.warehouse import awaits_build

        settings = load_settings()
        try:
            report = sync_day(settings, snapshot_date_of(context["dag_run"]))
        except DayNotServed as error:
            if is_scheduled(context["dag_run"]):
                raise AirflowSkipException(str(error)) from error
            raise
        if not report.landed and not awaits_build(settings, report.snapshot_date):
            raise AirflowSkipException(f"the registry has nothing newer than {report.snapshot_date}")
        pass_day_on(context, RAW_STUDIES, report.snapshot_date)
        return counts_of(report)

    @task(retries=NETWORK_RETRIES, **retry_only(DeliveryFailed))
    def tell_data_team(**context: Any) -> None:
        from trialhouse.alerts import tell_data_team as tell

        failed_tasks = failed_tasks_of(context)
        if failed_tasks:
            day = snapshot_date_of(context["dag_run"]) or datetime.now(UTC).date()
            tell(load_settings(), day, failed_tasks)

    @task(retries=NETWORK_RETRIES, **retry_only(StoreUnavailable))
    def keep_lake() -> dict[str, int | str]:
        from trialhouse.keeping import keep_lake as keep

        return counts_of(keep(load_settings()))

    after = [keep_lake()] if load_settings().object_store else []
    chain(land_studies(), *after, tell_data_team().as_teardown())


ctgov_ingest()
