"""One day's alerts, from flagged events to Slack."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import duckdb

from trialhouse import gates
from trialhouse.alerts.delivery import deliver
from trialhouse.alerts.messages import StatusChange, message
from trialhouse.alerts.outbox import NewMessage, Outbox
from trialhouse.errors import DeliveryFailed
from trialhouse.settings import Settings
from trialhouse.warehouse import published_days

log = logging.getLogger(__name__)

WATCHLIST = "stopped_trials"

FLAGGED_EVENTS = """
    select
        event.event_key,
        event.snapshot_date,
        event.nct_id,
        event.before_value as previous_status,
        event.after_value as status,
        event.observed_after,
        event.observed_at,
        trial.brief_title,
        event.why_stopped,
        trial.phase_label,
        trial.lead_sponsor_name,
        trial.lead_sponsor_class,
        trial.enrollment_count,
        trial.enrollment_type,
        trial.sites_count,
        trial.countries
    from marts.fct_trial_events as event
    left join marts.dim_trials as trial on event.nct_id = trial.nct_id
    where event.event_key in (select unnest($keys))
    order by event.snapshot_date, event.nct_id, event.event_key
"""


@dataclass(frozen=True, slots=True)
class AlertReport:
    """What one run did; `sent` counts what earlier runs left too."""

    enqueued: int
    sent: int


def alert_day(settings: Settings, day: date) -> AlertReport:
    """Tell Slack of the flagged events of `day` and of flagged days since the last alert.

    The first run ever starts with `day`, so that a long history floods nobody. A rerun sends nothing twice.

    Raises:
        DeliveryFailed: events are not published yet, or Slack did not accept a message; run again.
    """
    published = published_days(settings)
    if day not in published:
        raise DeliveryFailed(f"{day} is not in {settings.published_file}: publish that day first")
    outbox = Outbox(settings.outbox_url)
    watermark = outbox.watermark(WATCHLIST, first=day - timedelta(days=1))
    since = {known for known in gates.flagged_days(settings) if watermark < known < day}
    changes = _flagged_changes(settings, sorted({day, *since} & published))
    enqueued = outbox.enqueue(WATCHLIST, _messages(changes))
    sent = deliver(settings, outbox, WATCHLIST)
    outbox.move_watermark(WATCHLIST, day)
    log.info("alerted snapshot_date=%s enqueued=%d sent=%d", day, enqueued, sent)
    return AlertReport(enqueued=enqueued, sent=sent)


def _flagged_changes(settings: Settings, days: list[date]) -> list[StatusChange]:
    """The flagged events as readers of the published file see them, oldest first.

    A flag whose event is gone (a day before it was held, or landed late) tells nobody anything.
    """
    keys = {key for day in days for key in gates.flagged_event_keys(settings, day)}
    if not keys:
        return []
    with duckdb.connect(settings.published_file, read_only=True) as connection:
        cursor = connection.execute(FLAGGED_EVENTS, {"keys": sorted(keys)})
        names = [column[0] for column in cursor.description or []]
        changes = [StatusChange(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    gone = keys - {change.event_key for change in changes}
    if gone:
        log.warning("flagged events no longer in the marts: %s", ", ".join(sorted(gone)))
    return changes


def _messages(changes: Iterable[StatusChange]) -> list[NewMessage]:
    """One message per trial and day, named after the first of the day's events of that trial."""
    messages = []
    for _, events in groupby(changes, key=lambda change: (change.snapshot_date, change.nct_id)):
        of_one_trial = list(events)
        messages.append(
            NewMessage(
                event_key=of_one_trial[0].event_key,
                nct_id=of_one_trial[0].nct_id,
                snapshot_date=of_one_trial[0].snapshot_date,
                payload=message(of_one_trial),
            )
        )
    return messages
