"""`trialhouse alerts`: who hears of what, and what a person wants to hear no more of."""

import re
from datetime import datetime
from getpass import getuser
from typing import Annotated

import typer

from trialhouse.cli_shared import plain_errors, published_file
from trialhouse.errors import SettingsInvalid
from trialhouse.settings import Settings, load_settings

alerts = typer.Typer(no_args_is_help=True, help="Who hears of what; acknowledge or snooze a trial.")

NctIdArgument = Annotated[str, typer.Argument(help="NCT and eight digits.")]
WatchlistOption = Annotated[str, typer.Option(help="Of this watchlist only; default: of all.")]
PersonOption = Annotated[str, typer.Option(help="Who says so; default: who is logged in.")]


@alerts.command()
@plain_errors
def watchlists() -> None:
    """Check every watchlist and tell how many published trials each has an eye on."""
    from trialhouse.alerts.news import PublishedNews
    from trialhouse.alerts.watchlists import load_watchlists

    settings = load_settings()
    found = load_watchlists(settings)
    with PublishedNews(published_file()) as published:
        for watchlist in found:
            wish = watchlist.wish
            typer.echo(
                f"{watchlist.name}: {wish.title}\n"
                f"  {published.watched_count(watchlist):,} trials;"
                f" {', '.join(wish.severities)}; {', '.join(wish.events) or 'every type of event'}\n"
                f"  {wish.delivery} to {wish.channel.kind} {wish.channel.to}  ({watchlist.place})"
            )


@alerts.command()
@plain_errors
def ack(nct_id: NctIdArgument, watchlist: WatchlistOption = "", by: PersonOption = "") -> None:
    """Hear of this trial only what is urgent (P1) from now on."""
    from trialhouse.alerts.mutes import mute
    from trialhouse.alerts.outbox import Outbox

    settings = load_settings()
    mute(Outbox(settings.outbox_url), _nct_id(nct_id), by or getuser(), None, _known(settings, watchlist))
    typer.echo(f"{nct_id}: only what is urgent is told; trialhouse alerts unmute {nct_id} ends that")


@alerts.command()
@plain_errors
def snooze(
    nct_id: NctIdArgument,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="First day that is told again.")],
    watchlist: WatchlistOption = "",
    by: PersonOption = "",
) -> None:
    """Hear of this trial only what is urgent (P1) until a day."""
    from trialhouse.alerts.mutes import mute
    from trialhouse.alerts.outbox import Outbox

    settings, day = load_settings(), until.date()
    mute(Outbox(settings.outbox_url), _nct_id(nct_id), by or getuser(), day, _known(settings, watchlist))
    typer.echo(f"{nct_id}: only what is urgent is told before {day}")


@alerts.command()
@plain_errors
def unmute(nct_id: NctIdArgument, watchlist: WatchlistOption = "") -> None:
    """Hear everything of this trial again."""
    from trialhouse.alerts.mutes import unmute as end
    from trialhouse.alerts.outbox import Outbox

    if not end(Outbox(load_settings().outbox_url), _nct_id(nct_id), watchlist):
        raise SettingsInvalid(f"{nct_id} was neither acknowledged nor snoozed there: trialhouse alerts mutes")
    typer.echo(f"{nct_id}: everything is told again")


@alerts.command()
@plain_errors
def mutes() -> None:
    """List trials that were acknowledged or snoozed."""
    from trialhouse.alerts.mutes import mutes as standing
    from trialhouse.alerts.outbox import Outbox

    for mute in standing(Outbox(load_settings().outbox_url)):
        until = f"until {mute.until}" if mute.until else "for good"
        typer.echo(
            f"{mute.nct_id}  {until}  {mute.watchlist or 'all watchlists'}"
            f"  by {mute.person} on {mute.created_at:%Y-%m-%d}"
        )


@alerts.command()
@plain_errors
def listen(
    port: Annotated[int, typer.Option(help="Port on --host.")] = 8770,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Take clicks on Acknowledge and Snooze from Slack (TRIALHOUSE_SLACK_SIGNING_SECRET), until Ctrl-C."""
    from trialhouse.alerts.interactivity import clicks_app
    from trialhouse.loopback import server_of

    typer.echo(f"Slack's request URL: https://<this host>/slack/interactivity, served at {host}:{port}")
    server_of(clicks_app(load_settings()), host, port).run()


def _nct_id(text: str) -> str:
    if not re.fullmatch(r"NCT\d{8}", text):
        raise SettingsInvalid(f"an NCT id is NCT and eight digits, not {text!r}")
    return text


def _known(settings: Settings, name: str) -> str:
    from trialhouse.alerts.watchlists import load_watchlists

    names = [watchlist.name for watchlist in load_watchlists(settings)]
    if name and name not in names:
        raise SettingsInvalid(f"there is no watchlist {name}; there are: {', '.join(names)}")
    return name
