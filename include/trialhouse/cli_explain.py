"""`trialhouse explain` and `trialhouse replay`: why an event was told, and the event made again."""

from typing import Annotated

import typer

from trialhouse.cli_shared import plain_errors, published_file
from trialhouse.settings import load_settings

KeyArgument = Annotated[str, typer.Argument(help="event_key of fct_trial_events, or its beginning.")]


@plain_errors
def explain(event: KeyArgument) -> None:
    """Tell why an event was told: both versions, what changed, raw bytes with sha256, rule and code."""
    from trialhouse.explaining import explanation_of

    published_file()
    for line in explanation_of(load_settings(), event):
        typer.echo(line)


@plain_errors
def replay(event: KeyArgument) -> None:
    """Make an event again from the lake alone (all marts: as long as a first build) and compare it."""
    from trialhouse.explaining import replay_event

    published_file()
    for line in replay_event(load_settings(), event):
        typer.echo(line)
