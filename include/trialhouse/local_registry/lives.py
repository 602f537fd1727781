"""The whole life of a made-up trial: every version its record ever has, derived at once from the seed.

The sample lives faster in its last weeks than the registry does, so that a fortnight shows everything.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from trialhouse.local_registry.life_actions import OPEN, Facts, act, registered
from trialhouse.local_registry.profiles import Profile, profile
from trialhouse.local_registry.publishing_days import (
    last_publishing_day,
    publishing_day_after,
    years_after_month_end,
)
from trialhouse.local_registry.seeds import random_for

UNKNOWN_AFTER_YEARS = 2
BUSY_DAYS = 45
SHORTEST_PAUSE_DAYS = 8

_LIFE = 3
_RUNNING = (*OPEN, "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING", "SUSPENDED", "AVAILABLE")
_GOES_UNKNOWN = ("RECRUITING", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING")
_DAYS_BETWEEN_UPDATES = {True: (230, 24), False: (600, 85)}
_SILENT_SHARE, _LAPSING_SHARE = 0.14, 0.06


@dataclass(frozen=True, slots=True)
class Version:
    """One posted version."""

    submitted_on: date
    posted_on: date
    facts: Facts


@dataclass(frozen=True, slots=True)
class Standing:
    """How the record reads on a day: its version, and the status the clock may have taken from it."""

    version: Version
    status: str
    results_posted_on: date | None

    @property
    def last_known_status(self) -> str | None:
        """What the sponsor said last, once the status is UNKNOWN."""
        return self.version.facts.status if self.status == "UNKNOWN" else None


@dataclass(frozen=True, slots=True)
class Life:
    """A trial and all its versions, oldest first.

    unknown_lag_days: how long after the two years the registry's clock gets to this record.
    """

    profile: Profile
    versions: tuple[Version, ...]
    unknown_lag_days: int

    def on(self, day: date) -> Standing:
        """The record's standing on a day at or after its first posting."""
        posted = [version for version in self.versions if version.posted_on <= day]
        version = posted[-1]
        with_results = (v.posted_on for v in posted if v.facts.results_submitted is not None)
        status = "UNKNOWN" if self._clock_ran_out(version, day) else version.facts.status
        return Standing(version, status, next(with_results, None))

    def _clock_ran_out(self, version: Version, day: date) -> bool:
        """Not verified for two years: the registry says UNKNOWN and moves no date."""
        if version.facts.status not in _GOES_UNKNOWN:
            return False
        due = years_after_month_end(version.submitted_on, UNKNOWN_AFTER_YEARS)
        return day > due + timedelta(days=self.unknown_lag_days)


def life(seed: int, index: int, last_day: date) -> Life:
    """Live the trial from its registration to the last day."""
    trial = profile(seed, index, last_day)
    rng = random_for(seed, index, _LIFE)
    unknown_lag_days = rng.randint(0, 24)
    silent_from = _silent_from(rng, last_day)
    facts = registered(trial, rng)
    versions = [Version(trial.first_submitted, trial.first_posted, facts)]
    submitted_on = trial.first_submitted
    while trial.study_type != "WITHHELD" and submitted_on < silent_from:
        following = min(_next_update(submitted_on, facts, rng, last_day), silent_from)
        submitted_on = last_publishing_day(following)
        if submitted_on <= versions[-1].posted_on or submitted_on > last_day:
            break
        facts = act(facts, rng, submitted_on, trial)
        posted_on = publishing_day_after(submitted_on, rng.randint(1, 3))
        versions.append(Version(submitted_on, posted_on, facts))
    return Life(trial, tuple(versions), unknown_lag_days)


def _silent_from(rng: Random, last_day: date) -> date:
    """The day of a sponsor's last update: some fall silent some day, a few two years before the sample."""
    draw = rng.random()
    if draw < _SILENT_SHARE:
        return last_day - timedelta(days=rng.randint(0, 4_000))
    if draw < _SILENT_SHARE + _LAPSING_SHARE:
        return last_day - timedelta(days=365 * UNKNOWN_AFTER_YEARS + rng.randint(10, 55))
    return date.max


def _next_update(after: date, facts: Facts, rng: Random, last_day: date) -> date:
    """When the sponsor comes back: seldom for most of a life, often in the busy weeks at the end."""
    usual, busy = _DAYS_BETWEEN_UPDATES[facts.status in _RUNNING]
    busy_from = last_day - timedelta(days=BUSY_DAYS)
    if after < busy_from:
        following = after + timedelta(days=SHORTEST_PAUSE_DAYS + int(rng.expovariate(1 / usual)))
        if following <= busy_from:
            return following
        after = busy_from
    return after + timedelta(days=SHORTEST_PAUSE_DAYS + int(rng.expovariate(1 / busy)))
