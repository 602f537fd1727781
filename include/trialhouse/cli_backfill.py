"""The commands that fetch what the registry remembers: `trialhouse backfill …`."""

from pathlib import Path
from typing import Annotated

import typer

from trialhouse.cli_shared import DayOption, plain_errors
from trialhouse.history.plan import WANTED_LABELS
from trialhouse.history.queue import TRIALS_PER_RUN
from trialhouse.settings import load_settings

USUAL_LABELS = ",".join(WANTED_LABELS)

NctIdOption = Annotated[list[str] | None, typer.Option(help="Read this trial and no other; repeatable.")]
WatchlistOption = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False, help="A file of ids to read first, one a line; # starts a comment."
    ),
]
LabelsOption = Annotated[
    str,
    typer.Option(
        help="Read versions that touch one of these modules, and each at which the status moved. "
        "Study Status is touched by nearly all; leave it out to ask far less."
    ),
]

backfill_app = typer.Typer(no_args_is_help=True)


@backfill_app.callback()
def backfill() -> None:
    """Fetch what the registry remembers of earlier years."""


@backfill_app.command()
@plain_errors
def history(
    nct_id: NctIdOption = None,
    watchlist: WatchlistOption = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help=f"Trials of this run; default {TRIALS_PER_RUN}.")
    ] = None,
    labels: LabelsOption = USUAL_LABELS,
    day: DayOption = None,
) -> None:
    """Read trials' past versions into the lake: a watchlist first, then those changed lately, late phases."""
    from trialhouse.history.backfill import backfill_history
    from trialhouse.history.queue import HistoryWish

    wish = HistoryWish(
        nct_ids=tuple(dict.fromkeys([*(nct_id or []), *_ids_in(watchlist)])),
        only_named=bool(nct_id) and watchlist is None,
        limit=limit or TRIALS_PER_RUN,
        labels=tuple(label.strip() for label in labels.split(",") if label.strip()),
        snapshot_date=day.date() if day else None,
    )
    report = backfill_history(load_settings(), wish)
    typer.echo(
        f"read {report.trials} trials of {report.snapshot_date}: {report.versions} past versions, "
        f"{report.without_history} trials without history, {report.refused} answers refused, "
        f"{report.requests} requests"
    )


def _ids_in(watchlist: Path | None) -> list[str]:
    lines = watchlist.read_text().splitlines() if watchlist else []
    ids = (line.partition("#")[0].strip() for line in lines)
    return [nct_id for nct_id in ids if nct_id]
