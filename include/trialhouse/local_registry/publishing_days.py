"""The registry's calendar: it publishes Monday to Friday, and writes some dates as a month only."""

from calendar import monthrange
from datetime import date, timedelta

_SATURDAY = 5


def is_publishing_day(day: date) -> bool:
    """Whether the registry publishes on that day of the week."""
    return day.weekday() < _SATURDAY


def first_publishing_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    weekday = day.weekday()
    return day if weekday < _SATURDAY else day + timedelta(days=7 - weekday)


def last_publishing_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - _SATURDAY + 1))


def publishing_day_after(day: date, count: int) -> date:
    """The publishing day `count` (up to five) publishing days after one."""
    return day + timedelta(days=count + (2 if day.weekday() + count >= _SATURDAY else 0))


def publishing_day_before(day: date, count: int) -> date:
    """The publishing day `count` publishing days before one."""
    weeks, rest = divmod(count, 5)
    weekend = 2 if rest > day.weekday() else 0
    return day - timedelta(days=7 * weeks + rest + weekend)


def publishing_days_until(last: date, count: int) -> list[date]:
    """`count` publishing days, ascending, of which the last is given."""
    return [publishing_day_before(last, number) for number in reversed(range(count))]


def years_after_month_end(day: date, years: int) -> date:
    """The last day of the month, some years later."""
    year = day.year + years
    return date(year, day.month, monthrange(year, day.month)[1])
