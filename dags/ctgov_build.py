"""Build the warehouse from the lake, and publish it if every gate is green.

Follows `ctgov_ingest` by its asset, one run a landed day, one run at a time: every task here works on the
one build file, so all share the pool of one slot. By hand: trigger it with the day as partition key.
What held a day, stopped it or was flagged on it is told to the data team, if it has a channel.

If it fails: the published file is untouched. Read the log of the first red task; a red gate names the
expectation and the rows. Put the cause right, then clear `build_marts` and all after it
(for `check_raw`: that task).
"""

from typing import Any

from airflow.sdk import IdentityMapper, PartitionedAssetTimetable, chain, dag, task

from trialhouse.airflow_assets import (
    DEFAULT_ARGS,
    NETWORK_RETRIES,
    RAW_STUDIES,
    WAREHOUSE,
    WRITER_POOL,
    failed_tasks_of,
    known_snapshot_date_of,
    pass_day_on,
    retry_only,
)
from trialhouse.errors import DeliveryFailed, StoreUnavailable
from trialhouse.settings import load_settings


@dag(
    schedule=PartitionedAssetTimetable(assets=RAW_STUDIES, default_partition_mapper=IdentityMapper()),
    doc_md=__doc__,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args={**DEFAULT_ARGS, "pool": WRITER_POOL},
    tags=["ctgov"],
)
def ctgov_build() -> None:
    @task
    def check_raw(**context: Any) -> None:
        from trialhouse import gates

        gates.check_raw(load_settings(), known_snapshot_date_of(context["dag_run"]))

    @task
    def build_marts(**context: Any) -> None:
        from trialhouse import warehouse

        warehouse.build_marts(load_settings(), known_snapshot_date_of(context["dag_run"]))

    @task
    def check_marts(**context: Any) -> None:
        from trialhouse import gates

        gates.check_marts(load_settings(), known_snapshot_date_of(context["dag_run"]))

    @task
    def flag_status_changes(**context: Any) -> int:
        from trialhouse import gates

        return len(gates.flag_status_changes(load_settings(), known_snapshot_date_of(context["dag_run"])))

    @task(outlets=[WAREHOUSE])
    def publish(**context: Any) -> None:
        from trialhouse.publish import publish as publish_build

        publish_build(load_settings())
        pass_day_on(context, WAREHOUSE, known_snapshot_date_of(context["dag_run"]))

    @task
    def export_parquet() -> None:
        from trialhouse.publish import export_parquet as export

        export(load_settings())

    @task(retries=NETWORK_RETRIES, **retry_only(StoreUnavailable))
    def keep_published() -> None:
        from trialhouse.keeping import keep_published as keep

        keep(load_settings())

    @task(retries=NETWORK_RETRIES, **retry_only(StoreUnavailable))
    def share_published() -> None:
        from trialhouse.shared_catalogue import share_published as share

        share(load_settings())

    @task(pool="default_pool", retries=NETWORK_RETRIES, **retry_only(DeliveryFailed))
    def tell_data_team(**context: Any) -> None:
        from trialhouse.alerts import tell_data_team as tell

        day = known_snapshot_date_of(context["dag_run"])
        tell(load_settings(), day, failed_tasks_of(context))

    published = check_raw() >> build_marts() >> check_marts() >> flag_status_changes() >> publish()
    settings = load_settings()
    after = [export_parquet()]
    if settings.object_store:
        after.append(keep_published())
    if settings.shared_catalogue:
        after.append(share_published())
    chain(published, *after, tell_data_team().as_teardown())


ctgov_build()
