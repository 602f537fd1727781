"""Read past versions of trials from the registry's own history into the lake; by hand, as often as you like.

Each run takes the next trials in order: those named below, those changed lately, late phases, the rest.
It asks one thing at a time and holds the lake for one trial at a time, so that the daily run gets in between.
It lands no day and starts nothing downstream.

If it fails: no answer from the registry was retried already; run it again, what is on disk is not asked for.
`RegistryChanged` names what a person must look at: the interface is undocumented and may change.
"""

from typing import Any

from airflow.sdk import Param, dag, task

from trialhouse.airflow_assets import DEFAULT_ARGS, NETWORK_RETRIES, counts_of, retry_only
from trialhouse.errors import RegistryUnavailable
from trialhouse.settings import load_settings

STRINGS = {"type": "string"}
PARAMS = {
    "nct_ids": Param(
        [],
        type="array",
        items=STRINGS,
        description_md="Trials to read first, one NCT id a line; may be empty",
    ),
    "limit": Param(100, type="integer", minimum=1, description_md="How many trials this run reads at most"),
    "labels": Param(
        [],
        type="array",
        items=STRINGS,
        description_md="Read the versions that touch one of these modules, one a line (`Outcome Measures`, "
        "`Study Design`, …), and each at which the status moved; empty = the usual four modules",
    ),
}


@dag(
    schedule=None,
    doc_md=__doc__,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    params=PARAMS,
    tags=["ctgov"],
)
def ctgov_backfill_history() -> None:
    @task(retries=NETWORK_RETRIES, **retry_only(RegistryUnavailable))
    def backfill_history(**context: Any) -> dict[str, int | str]:
        from trialhouse.history import backfill
        from trialhouse.history.plan import WANTED_LABELS
        from trialhouse.history.queue import HistoryWish

        params = context["params"]
        wish = HistoryWish(
            nct_ids=tuple(params["nct_ids"]),
            limit=params["limit"],
            labels=tuple(params["labels"]) or WANTED_LABELS,
        )
        return counts_of(backfill.backfill_history(load_settings(), wish))

    backfill_history()


ctgov_backfill_history()
