"""Whether the newest published day is news still: what a lagging live registry says is none."""

from datetime import UTC, datetime, timedelta

from trialhouse.errors import GateFailed

# 2026-11-23: the registry publishes on every weekday; a day and a half without is a fault of its or of ours.
OLDEST_HOURS = 36
SATURDAY = 5


def weekday_hours(since: datetime, until: datetime) -> float:
    """Hours between two moments (UTC), those of Saturdays and Sundays left out."""
    hours, moment = 0.0, since
    while moment < until:
        next_day = (moment + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        if moment.weekday() < SATURDAY:
            hours += (min(next_day, until) - moment).total_seconds() / 3600
        moment = next_day
    return hours


def require_fresh(data_timestamp: datetime, now: datetime | None = None) -> None:
    """Raises GateFailed: the data is too old; the next fresh day tells what this one would have told."""
    age = weekday_hours(data_timestamp, now or datetime.now(UTC).replace(tzinfo=None))
    if age > OLDEST_HOURS:
        raise GateFailed(
            f"the newest published data is of {data_timestamp:%Y-%m-%d %H:%M}, {age:.0f} hours of weekdays"
            f" ago (at most {OLDEST_HOURS}): no change alerts are sent; they come with the next fresh day."
            " A data engineer: how did the last runs of ctgov_ingest and ctgov_build end (trialhouse status)?"
        )
