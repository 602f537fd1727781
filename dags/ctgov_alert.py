"""Tell every watchlist what changed on one day, in Slack, by e-mail or by webhook.

Follows `ctgov_build` by its asset, one run a published day. The outbox knows what was sent, so a second
run of a day sends only what the first could not. By hand: trigger it with the day as partition key.

If it fails: nothing is lost; messages that were not accepted wait in the outbox. Check the connection
that the error names, then clear the task.
"""

from typing import Any

from airflow.sdk import IdentityMapper, PartitionedAssetTimetable, dag, task

from trialhouse.airflow_assets import (
    DEFAULT_ARGS,
    NETWORK_RETRIES,
    WAREHOUSE,
    counts_of,
    failed_tasks_of,
    known_snapshot_date_of,
    retry_only,
)
from trialhouse.errors import DeliveryFailed
from trialhouse.settings import load_settings


@dag(
    schedule=PartitionedAssetTimetable(assets=WAREHOUSE, default_partition_mapper=IdentityMapper()),
    doc_md=__doc__,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS,
    tags=["ctgov"],
)
def ctgov_alert() -> None:
    @task(retries=NETWORK_RETRIES, **retry_only(DeliveryFailed))
    def send_alerts(**context: Any) -> dict[str, int | str]:
        from trialhouse.alerts import alert_day

        return counts_of(alert_day(load_settings(), known_snapshot_date_of(context["dag_run"])))

    @task(retries=NETWORK_RETRIES, **retry_only(DeliveryFailed))
    def tell_data_team(**context: Any) -> None:
        from trialhouse.alerts import tell_data_team as tell

        failed_tasks = failed_tasks_of(context)
        if failed_tasks:
            tell(load_settings(), known_snapshot_date_of(context["dag_run"]), failed_tasks)

    send_alerts() >> tell_data_team().as_teardown()


ctgov_alert()
