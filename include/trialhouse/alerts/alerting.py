"""One day's alerts: for every watchlist what is news to it, put in the outbox, then sent."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection

from trialhouse import gates
from trialhouse.alerts import noise
from trialhouse.alerts.blocks import moment
from trialhouse.alerts.bulletins import digest_message, quiet_message, storm_message, write_events_file
from trialhouse.alerts.delivery import deliver
from trialhouse.alerts.freshness import require_fresh
from trialhouse.alerts.messages import Payload, trial_message
from trialhouse.alerts.mutes import end_snoozes, muted_trials
from trialhouse.alerts.news import News, PublishedNews
from trialhouse.alerts.outbox import (
    NewEvent,
    NewMessage,
    Outbox,
    cancel,
    events_by_fate,
    events_of_unsent,
    has_message_for,
    known_events,
    last_digest_day,
)
from trialhouse.alerts.outbox_tables import CANCELLED, FOR_DIGEST, IN_MESSAGE, MUTED
from trialhouse.alerts.watchlists import Watchlist, load_watchlists
from trialhouse.errors import DeliveryFailed, SettingsInvalid
from trialhouse.settings import Settings
from trialhouse.warehouse import published_build, published_days

log = logging.getLogger(__name__)

# What was told so long ago is not corrected: the next day's version takes back, no later one.
DAYS_TO_TAKE_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AlertReport:
    """What one run did; `sent` counts what earlier runs left too."""

    enqueued: int
    sent: int


@dataclass(frozen=True, slots=True)
class Run:
    """What all watchlists of a run share."""

    settings: Settings
    outbox: Outbox
    published: PublishedNews
    day: date
    days: frozenset[date]
    build_id: str


def alert_day(settings: Settings, day: date) -> AlertReport:
    """Tell every watchlist of the events of `day` and of earlier days of which it has not heard everything.

    A watchlist never seen before begins with `day`, so that a long history floods nobody. A rerun sends
    nothing twice. What stops one watchlist does not stop the others.

    Raises:
        DeliveryFailed: events are not published yet, or a message was not accepted; run again.
        BuildFailed: nobody judged the day's changes.
        GateFailed: what a live registry published last is too old to be news.
        SettingsInvalid: a watchlist makes no sense.
    """
    watchlists = load_watchlists(settings)
    days = published_days(settings)
    build = published_build(settings)
    if day not in days:
        raise DeliveryFailed(f"{day} is not in {settings.published_file}: publish that day first")
    gates.flagged_event_keys(settings, day)
    judged = frozenset(gates.flagged_days(settings)) & days
    outbox = Outbox(settings.outbox_url)
    enqueued = sent = 0
    failures: list[str] = []
    with PublishedNews(settings.published_file) as published:
        newest = published.data_timestamp(max(days))
        if not settings.registry_can_replay and newest is not None:
            require_fresh(newest)
        run = Run(settings, outbox, published, day, judged, build.build_id if build else "")
        for watchlist in watchlists:
            try:
                heard = _days_to_tell(run, watchlist)
                enqueued += _enqueue(run, watchlist, heard)
                done = deliver(settings, outbox, watchlist.name, watchlist.wish.channel)
            except (DeliveryFailed, SettingsInvalid) as error:
                failures.append(str(error))
                continue
            sent += done.sent
            failures += [f"{watchlist.name}: never accepted: {what}" for what in done.refused]
            outbox.mark_told(watchlist.name, heard)
    log.info("alerted snapshot_date=%s enqueued=%d sent=%d", day, enqueued, sent)
    if failures:
        raise DeliveryFailed("\n".join(failures))
    return AlertReport(enqueued=enqueued, sent=sent)


def _days_to_tell(run: Run, watchlist: Watchlist) -> set[date]:
    """Of a watchlist never seen before: the run's day only."""
    name = watchlist.name
    if run.outbox.watermark(name) is None:
        run.outbox.begin_watchlist(name, run.day - timedelta(days=1))
        log.info("watching %d trials from %s on: %s", run.published.watched_count(watchlist), run.day, name)
    return {day for day in run.outbox.untold_days(name, run.days) if day < run.day} | {run.day}


def _enqueue(run: Run, watchlist: Watchlist, days: set[date]) -> int:
    """Everything a watchlist has to hear, in one transaction; returns how many messages are new."""
    name = watchlist.name
    is_newest = run.day > (run.outbox.watermark(name) or run.day)
    with run.outbox.locked(name) as connection:
        told = events_by_fate(connection, name, IN_MESSAGE, since=_since(run, days))
        news = run.published.of(watchlist, days, told)
        known = known_events(connection, name, [each.event_key for each in news])
        fresh = [each for each in news if each.event_key not in known]
        fresh = _without_what_was_taken_back(run, connection, name, days, fresh)
        fresh = _without_muted(run, connection, name, fresh)
        messages = _messages(run, connection, watchlist, fresh)
        is_quiet = not messages and not has_message_for(connection, name, [each.event_key for each in news])
        if watchlist.wish.quiet_line and is_newest and is_quiet:
            messages = [_quiet(run, watchlist, len(news))]
        return sum(run.outbox.add_message(connection, name, message) for message in messages)


def _without_what_was_taken_back(
    run: Run, connection: Connection, watchlist: str, days: set[date], fresh: list[News]
) -> list[News]:
    """A change of which nobody has heard and that the next day took back: both are told to nobody."""
    waiting = events_of_unsent(connection, watchlist)
    for_digest = events_by_fate(connection, watchlist, FOR_DIGEST)
    unsent = [*for_digest, *chain.from_iterable(waiting.values())]
    told = events_by_fate(connection, watchlist, IN_MESSAGE, since=_since(run, days))
    heard = run.published.by_keys(run.published.taken_back(set(told) - set(unsent)))
    heard_of = {each.nct_id for each in heard}
    gone = {
        each.event_key
        for each in run.published.by_keys(unsent)
        if noise.is_taken_back(each) and each.nct_id not in heard_of
    }
    for message_id, keys in waiting.items():
        if set(keys) <= gone:
            cancel(connection, watchlist, keys, message_id)
    cancel(connection, watchlist, [key for key in for_digest if key in gone], None)
    dropped = [each for each in fresh if noise.is_taken_back(each) and each.nct_id not in heard_of]
    run.outbox.add_events(connection, watchlist, _events(dropped), CANCELLED)
    return [each for each in fresh if each not in dropped]


def _since(run: Run, days: set[date]) -> date:
    """From when on what was told may be taken back by news of those days."""
    return min(days | {run.day}) - DAYS_TO_TAKE_BACK


def _without_muted(run: Run, connection: Connection, watchlist: str, fresh: list[News]) -> list[News]:
    """Of a trial that a person muted only what is urgent is told, which ends a snooze, or takes back."""
    end_snoozes(connection, watchlist, {each.nct_id for each in fresh if each.severity == "P1"})
    muted = muted_trials(connection, watchlist, run.day)
    silenced = [
        each
        for each in fresh
        if each.nct_id in muted and each.severity != "P1" and not noise.is_taken_back(each)
    ]
    run.outbox.add_events(connection, watchlist, _events(silenced), MUTED)
    return [each for each in fresh if each not in silenced]


def _messages(
    run: Run, connection: Connection, watchlist: Watchlist, fresh: Sequence[News]
) -> list[NewMessage]:
    wish = watchlist.wish
    if wish.delivery != "instant":
        run.outbox.add_events(connection, watchlist.name, _events(fresh), FOR_DIGEST)
        return _digest(run, connection, watchlist)
    # What waited for a digest, before the watchlist asked to be told at once.
    waiting = run.published.by_keys(events_by_fate(connection, watchlist.name, FOR_DIGEST))
    fresh = [*waiting, *fresh]
    by_trial = noise.by_trial(fresh)
    if noise.is_storm(connection, watchlist, run.day, len(by_trial)):
        return [_bulletin(run, watchlist, "storm", fresh)]
    single, groups = noise.by_sponsor(by_trial, wish.one_message_a_sponsor_from)
    of_sponsors = [_bulletin(run, watchlist, "sponsor", news) for news in groups]
    return [*of_sponsors, *(_of_trial(run, news) for news in single)]


def _of_trial(run: Run, news: Sequence[News]) -> NewMessage:
    """One message a trial, named after its first event."""
    payload = trial_message(news, run.build_id, run.settings.dashboard_url)
    statuses = [each.event_type for each in news if each.event_type.startswith("STATUS_")]
    payload["closes_thread"] = statuses[-1:] == ["STATUS_RESUMED"]
    return _message("trial", news[0].event_key, news, payload, news[0].nct_id)


def _digest(run: Run, connection: Connection, watchlist: Watchlist) -> list[NewMessage]:
    """The digest, if it is due and there is something to tell."""
    news = run.published.by_keys(events_by_fate(connection, watchlist.name, FOR_DIGEST))
    last = last_digest_day(connection, watchlist.name) or min(
        (each.snapshot_date for each in news), default=None
    )
    if not noise.is_digest_due(watchlist.wish.delivery, run.day, last):
        return []
    return [_bulletin(run, watchlist, "digest", news)] if news else []


def _bulletin(run: Run, watchlist: Watchlist, kind: str, news: Sequence[News]) -> NewMessage:
    key = f"{kind}-{run.day}-{news[0].event_key}"
    file = _events_file(run.settings, watchlist.name, key)
    write_events_file(file, news)
    shown = str(file.relative_to(run.settings.home))
    title = str(news[0].lead_sponsor_name) if kind == "sponsor" else watchlist.wish.title
    make = storm_message if kind == "storm" else digest_message
    payload = make(title, news, shown) | {"file": str(file)}
    return _message(kind, key, news, payload, None, run.day)


def _quiet(run: Run, watchlist: Watchlist, kept_back: int) -> NewMessage:
    data = moment(run.published.data_timestamp(run.day))
    payload = quiet_message(watchlist.wish.title, run.day, data, kept_back)
    return NewMessage(f"quiet-{run.day}", "quiet", run.day, payload)


def _message(
    kind: str,
    key: str,
    news: Sequence[News],
    payload: Payload,
    nct_id: str | None,
    day: date | None = None,
) -> NewMessage:
    told = [noise.as_data(each) for each in news]
    return NewMessage(
        message_key=key,
        kind=kind,
        snapshot_date=day or news[0].snapshot_date,
        payload=payload | {"events": told},
        nct_id=nct_id,
        events=tuple(_events(news)),
    )


def _events(news: Iterable[News]) -> list[NewEvent]:
    return [NewEvent(each.event_key, each.nct_id, each.snapshot_date) for each in news]


def _events_file(settings: Settings, watchlist: str, key: str) -> Path:
    return settings.warehouse_folder / "alerts" / watchlist / f"{key}.csv"
