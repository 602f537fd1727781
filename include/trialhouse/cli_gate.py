"""`trialhouse gate`: why a day is held, and a person's word that it goes on."""

from datetime import date, datetime
from getpass import getuser
from typing import Annotated

import typer

from trialhouse.cli_shared import plain_errors
from trialhouse.errors import SettingsInvalid
from trialhouse.lake import Lake
from trialhouse.raw_verdicts import held_days, judged_days
from trialhouse.settings import Settings, load_settings

gate = typer.Typer(no_args_is_help=True, help="Why a day is held, and a person's word that it goes on.")

DayArgument = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="Snapshot date, YYYY-MM-DD.")]
AnyDayArgument = Annotated[
    datetime | None,
    typer.Argument(formats=["%Y-%m-%d"], help="Snapshot date; default: the newest held."),
]


@gate.command()
@plain_errors
def explain(day: AnyDayArgument = None) -> None:
    """Tell which rules a day broke, in which rows, what was released and what was flagged."""
    from trialhouse.gate_messages import explanation
    from trialhouse.judging import stored_verdicts

    settings = load_settings()
    asked = day.date() if day else _newest_of_interest(settings)
    verdicts = stored_verdicts(settings, asked)
    if not verdicts:
        raise SettingsInvalid(f"no gate has judged {asked}; run `trialhouse build --date {asked}`")
    for line in explanation(asked, verdicts):
        typer.echo(line)


@gate.command()
@plain_errors
def release(
    day: DayArgument,
    rule: Annotated[str, typer.Option(help="Suite and rule, as `gate explain` names it.")],
    reason: Annotated[str, typer.Option(help="Why the day is right as it is; kept for ever.")],
    by: Annotated[str, typer.Option(help="Who says so; default: who is logged in.")] = "",
) -> None:
    """Let a held day go on although it broke a rule: for exactly what the rule saw, and nothing else."""
    from trialhouse import gates

    settings = load_settings()
    asked = day.date()
    if not Lake(settings.lake).has(asked):
        raise SettingsInvalid(f"{asked} has not landed")
    released = gates.release_rule(settings, asked, rule, reason, by or getuser())
    typer.echo(f"released {released.rule} of {asked} by {released.person}")
    if not rule.startswith("raw_"):
        typer.echo(f"next: trialhouse build --date {asked}")
        return
    for judged, passes in gates.judge_held_days_anew(settings, asked).items():
        typer.echo(
            f"{judged} goes on" if passes else f"{judged} stays held: trialhouse gate explain {judged}"
        )
    typer.echo("next: trialhouse build; the next day's build takes in what goes on, too")


def _newest_of_interest(settings: Settings) -> date:
    days = held_days(settings) or judged_days(settings)
    if not days:
        raise SettingsInvalid("no gate has judged a day yet; run `trialhouse build` first")
    return max(days)
