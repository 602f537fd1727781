"""What really changed in a generated registry from one publishing day to the next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from trialhouse.local_registry.lives import Life, Standing
from trialhouse.local_registry.made_up_records import planned_dates

NEW_TRIAL, VANISHED, REAPPEARED, MERGED = "NEW_TRIAL", "VANISHED", "REAPPEARED", "MERGED"
ALIAS_ADDED, SPONSOR_RENAMED = "ALIAS_ADDED", "SPONSOR_RENAMED"
STATUS, WHY_STOPPED, ENROLLMENT, SITES_ADDED = "STATUS", "WHY_STOPPED", "ENROLLMENT", "SITES_ADDED"
OUTCOME_SWITCHED, RESULTS_POSTED, REFRESHED = "OUTCOME_SWITCHED", "RESULTS_POSTED", "REFRESHED"

_KIND_BY_DATE = {
    "startDateStruct": "START_MOVED",
    "primaryCompletionDateStruct": "PCD_MOVED",
    "completionDateStruct": "CD_MOVED",
}


@dataclass(frozen=True, slots=True)
class TrueChange:
    """One thing that differs; `is_silent`: no date of the record says that something happened.

    before, after: registry codes, texts or numbers as text; nothing where there was or is nothing.
    """

    nct_id: str
    kind: str
    before: str | None
    after: str | None
    is_silent: bool = False


def life_changes(life: Life, previous_day: date, day: date) -> list[TrueChange]:
    """What the trial's own life brought between two days on which it is in the registry."""
    before, after = life.on(previous_day), life.on(day)
    is_silent = before.version == after.version
    found = [
        TrueChange(life.profile.nct_id, kind, old, new, is_silent)
        for kind, old, new in (*_fact_pairs(before, after), *_date_pairs(life, before, after))
        if old != new
    ]
    if not found and not is_silent:
        verified = (before.version.submitted_on.isoformat(), after.version.submitted_on.isoformat())
        found.append(TrueChange(life.profile.nct_id, REFRESHED, *verified))
    return found


def _fact_pairs(before: Standing, after: Standing) -> Iterator[tuple[str, str | None, str | None]]:
    old, new = before.version.facts, after.version.facts
    yield STATUS, before.status, after.status
    yield WHY_STOPPED, old.why_stopped, new.why_stopped
    yield (
        ENROLLMENT,
        _enrollment(old.enrollment, old.enrollment_is_actual),
        _enrollment(new.enrollment, new.enrollment_is_actual),
    )
    yield SITES_ADDED, str(old.sites), str(new.sites)
    yield OUTCOME_SWITCHED, str(old.outcome_edition), str(new.outcome_edition)
    yield RESULTS_POSTED, _text(before.results_posted_on), _text(after.results_posted_on)


def _date_pairs(
    life: Life, before: Standing, after: Standing
) -> Iterator[tuple[str, str | None, str | None]]:
    """Dates as the record writes them: a move inside a month-only date is none."""
    old = planned_dates(life.profile, before.version.facts)
    new = planned_dates(life.profile, after.version.facts)
    for name, kind in _KIND_BY_DATE.items():
        if name in old:
            yield kind, " ".join(old[name].values()), " ".join(new[name].values())


def _enrollment(count: int, is_actual: bool) -> str:
    return f"{count} {'ACTUAL' if is_actual else 'ESTIMATED'}"


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
