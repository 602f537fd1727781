"""What the commands share: errors as one sentence and an exit code, the option that names a day."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from trialhouse.errors import SettingsInvalid, TrialhouseError
from trialhouse.settings import load_settings

DayOption = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Snapshot date, YYYY-MM-DD; default: the newest."),
]


def published_file(file: Path | None = None) -> Path:
    """The file that readers have, where no other is named.

    Raises:
        SettingsInvalid: there is none.
    """
    file = file or load_settings().published_file
    if not file.exists():
        raise SettingsInvalid(f"nothing is published at {file}; run `make run` first")
    return file


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
