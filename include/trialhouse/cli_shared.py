"""What the commands share: errors as one sentence and an exit code, the option that names a day."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Annotated, Any

import typer

from trialhouse.errors import TrialhouseError

DayOption = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Snapshot date, YYYY-MM-DD; default: the newest."),
]


def plain_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Our errors as one sentence and an exit code; anything else keeps its traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except TrialhouseError as error:
            typer.echo(f"{type(error).__name__}: {error}", err=True)
            for note in getattr(error, "__notes__", []):
                typer.echo(note, err=True)
            raise typer.Exit(error.exit_code) from error

    return run
