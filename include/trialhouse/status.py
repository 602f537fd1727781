"""What a person asks first: what is landed, held, published, waiting."""

from collections.abc import Iterator
from datetime import date, timedelta

from trialhouse.lake import Lake
from trialhouse.settings import Settings
from trialhouse.warehouse import published_build


def status_lines(settings: Settings) -> Iterator[str]:
    """One line a fact, for a terminal."""
    from trialhouse.alerts.outbox import Outbox
    from trialhouse.raw_verdicts import held_days

    lake = Lake(settings.lake)
    days = lake.days()
    yield f"home       {settings.home}"
    yield f"registry   {lake.owner() or settings.registry_name}"
    if not days:
        yield "landed     nothing yet"
        return
    newest = lake.manifest(days[-1])
    yield f"landed     {len(days)} days, {days[0]} to {days[-1]} ({newest.studies_count} records)"
    yield (
        f"newest     {newest.changed_count} changed, {newest.silent_changed_count} of them silently; "
        f"{newest.vanished_count} vanished, {newest.quarantined_count} in quarantine, "
        f"{len(newest.drift)} unknown fields or codes"
    )
    yield f"missing    {_listed(missing_weekdays(days))}"
    yield f"held       {_listed(sorted(held_days(settings)))}"
    build = published_build(settings)
    yield f"published  {build.newest_snapshot_date if build else 'nothing yet'}  {settings.published_file}"
    counts = Outbox(settings.outbox_url).counts()
    refused = f", {counts['refused']} never accepted" if "refused" in counts else ""
    yield f"alerts     {counts.get('sent', 0)} sent, {counts.get('pending', 0)} waiting{refused}"


def missing_weekdays(days: list[date]) -> list[date]:
    """Monday-to-Friday dates between the first and the last landed day that never landed."""
    landed = set(days)
    span = (days[0] + timedelta(days=number) for number in range((days[-1] - days[0]).days))
    return [day for day in span if day.weekday() < 5 and day not in landed]


def _listed(days: list[date]) -> str:
    return ", ".join(str(day) for day in days) or "none"
