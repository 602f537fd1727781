"""What keeps a channel worth reading: one message a trial, storms as one, digests on their day."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from trialhouse.alerts.news import News
from trialhouse.alerts.outbox import trials_told_by_day
from trialhouse.alerts.watchlists import Watchlist

# 2026-11-23: a storm is also three times what 19 of 20 days bring (story 12), once there are days enough to
# know, and never below ten messages, which a person still reads.
TIMES_USUAL = 3
USUAL_SHARE_OF_DAYS = 0.95
DAYS_LOOKED_BACK = 56
DAYS_NEEDED = 20
NEVER_A_STORM = 10


def by_trial(news: Sequence[News]) -> list[list[News]]:
    """The news of each trial together, in the order of their first."""
    found: dict[str, list[News]] = {}
    for each in news:
        found.setdefault(each.nct_id, []).append(each)
    return list(found.values())


def by_sponsor(
    trials: Sequence[Sequence[News]], fewest: int | None
) -> tuple[list[Sequence[News]], list[list[News]]]:
    """Trials that are told one by one, and the news of each sponsor with at least so many trials in a run."""
    counts = Counter(news[-1].lead_sponsor_name for news in trials)
    many = {name for name, count in counts.items() if fewest and name and count >= fewest}
    groups: dict[str, list[News]] = {}
    for news in trials:
        if news[-1].lead_sponsor_name in many:
            groups.setdefault(str(news[-1].lead_sponsor_name), []).extend(news)
    return [news for news in trials if news[-1].lead_sponsor_name not in many], list(groups.values())


def is_storm(connection: Connection, watchlist: Watchlist, day: date, trials_count: int) -> bool:
    """More than the watchlist allows in a run, or far more than it is used to."""
    if trials_count > watchlist.wish.storm_above:
        return True
    usual = sorted(trials_told_by_day(connection, watchlist.name, day, DAYS_LOOKED_BACK))
    if trials_count <= NEVER_A_STORM or len(usual) < DAYS_NEEDED:
        return False
    return trials_count > TIMES_USUAL * usual[int(len(usual) * USUAL_SHARE_OF_DAYS)]


def is_digest_due(delivery: str, day: date, last: date | None) -> bool:
    """With every run; or once a week, with the first day of another week (ISO 8601).

    last: the day of the last digest; before the first, that of the first event waiting.
    """
    if delivery == "daily":
        return True
    return last is not None and day.isocalendar()[:2] > last.isocalendar()[:2]


def is_taken_back(news: News) -> bool:
    """Whether the next day took it back, or it takes one back."""
    return bool(news.details.get("is_taken_back_or_takes_back"))


def as_data(news: News) -> dict[str, Any]:
    """An event as other services get it."""
    return {
        "event_key": news.event_key,
        "event_type": news.event_type,
        "severity": news.severity,
        "snapshot_date": news.snapshot_date.isoformat(),
        "nct_id": news.nct_id,
        "before_value": news.before_value,
        "after_value": news.after_value,
        "why_stopped": news.why_stopped,
        "observed_after": news.observed_after.isoformat() if news.observed_after else None,
        "observed_at": news.observed_at.isoformat() if news.observed_at else None,
        "brief_title": news.brief_title,
    }
