"""A registry of made-up trials: any size, any number of days, all out of one seed.

A record is a pure function of seed, trial and day: nothing is carried from day to day, days may be asked for
in any order, two processes give the same bytes. Two reference trials are always among them.
"""

from array import array
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache, partial

import orjson

from trialhouse.errors import SettingsInvalid
from trialhouse.local_registry import departures, reference_trials
from trialhouse.local_registry.lives import Life, life
from trialhouse.local_registry.made_up_records import record
from trialhouse.local_registry.past_versions import past_versions
from trialhouse.local_registry.profiles import Profile, first_posted, nct_id_of_index
from trialhouse.local_registry.publishing_days import is_publishing_day, publishing_days_until
from trialhouse.local_registry.seeds import random_for
from trialhouse.local_registry.source import PastVersion
from trialhouse.local_registry.true_changes import (
    ALIAS_ADDED,
    MERGED,
    NEW_TRIAL,
    REAPPEARED,
    SPONSOR_RENAMED,
    VANISHED,
    TrueChange,
    life_changes,
)

DEFAULT_SEED = 7
DEFAULT_SIZE = 1_000
DEFAULT_DAYS = 14
LARGEST_SIZE = 1_000_000
LAST_DAY = date(2026, 11, 20)

_FIRST_ID = nct_id_of_index(0)
_ID_DIGITS = slice(4, None)


class GeneratedRegistry:
    """Publishing days (weekdays) up to `last_day`, of `size` made-up trials and the reference trials."""

    def __init__(
        self,
        seed: int = DEFAULT_SEED,
        size: int = DEFAULT_SIZE,
        days: int = DEFAULT_DAYS,
        last_day: date = LAST_DAY,
    ) -> None:
        """Nothing is generated yet.

        Raises:
            SettingsInvalid: a size, a number of days or a last day that cannot be.
        """
        if not 0 <= size <= LARGEST_SIZE or days < 1 or not is_publishing_day(last_day):
            raise SettingsInvalid(
                f"a generated registry has 0 to {LARGEST_SIZE} trials, at least one day and ends on a"
                f" weekday, not size={size} days={days} last_day={last_day}"
            )
        self._seed, self._size, self._last_day = seed, size, last_day
        self._days = publishing_days_until(last_day, days)
        self._fortnight = publishing_days_until(last_day, departures.FORTNIGHT)
        self._references = reference_trials.ReferenceTrials(self._fortnight)
        self._life = lru_cache(maxsize=2_048)(self._live)
        self._listing = lru_cache(maxsize=2)(self._list)
        self._record = lru_cache(maxsize=2_048)(self._make_record)
        self._first_posted: array[int] = array("l")

    def days(self) -> list[date]:
        """The publishing days, ascending."""
        return list(self._days)

    def nct_ids(self, day: date) -> Sequence[str]:
        """Ids ascending: the reference trials, then the made-up ones."""
        self._check_day(day)
        return self._listing(day)

    def study(self, day: date, nct_id: str) -> bytes | None:
        """The record as compact JSON."""
        self._check_day(day)
        if nct_id in self._references.ids:
            return self._references.study(day, nct_id)
        index = self._index_of(nct_id)
        return self._record(index, day) if index is not None and self._is_listed(index, day) else None

    def posted_on(self, day: date, nct_id: str) -> str:
        """The last update post date, out of the trial's life."""
        if nct_id in self._references.ids:
            return self._references.posted_on(day, nct_id)
        return self._life(int(nct_id[_ID_DIGITS])).on(day).version.posted_on.isoformat()

    def aliases(self, day: date) -> Mapping[str, str]:
        """Trials merged until that day."""
        merging = departures.merging_indices(self._seed, self._size)
        return {nct_id_of_index(i): nct_id_of_index(i - 1) for i in merging if self._is_merged(i, day)}

    def history(self, day: date, nct_id: str) -> list[PastVersion]:
        """The record as it stood when each version was posted; silent changes make none."""
        self._check_day(day)
        if nct_id in self._references.ids:
            return past_versions(self._references.versions(day, nct_id))
        index = self._index_of(nct_id)
        if index is None or not self._is_listed(index, day):
            return []
        posted = [version.posted_on for version in self._life(index).versions]
        return past_versions(self._record(index, posted_on) for posted_on in posted if posted_on <= day)

    def changes(self, day: date) -> list[TrueChange]:
        """The known truth: all that differs from the previous publishing day, `versionHolder` aside.

        Derived from the lives; the first day has none, for nothing is known before it.
        """
        self._check_day(day)
        place = self._days.index(day)
        if place == 0:
            return []
        previous = self._days[place - 1]
        found = self._references.changes(previous, day)
        for index in range(self._size):
            found += self._changes_of(index, previous, day)
        for alias, target in self.aliases(day).items():
            if alias not in self.aliases(previous):
                found.append(TrueChange(target, ALIAS_ADDED, None, alias, is_silent=True))
        return sorted(found, key=lambda change: (change.nct_id, change.kind))

    def _make_record(self, index: int, day: date) -> bytes:
        """The record on a day, whether or not the registry lists it."""
        trial = self._life(index)
        sponsor = self._sponsor_on(trial.profile, day)
        aliases = [nct_id_of_index(index + 1)] if self._is_merged(index + 1, day) else []
        return orjson.dumps(record(trial, day, sponsor, aliases, partial(random_for, self._seed, index)))

    def _changes_of(self, index: int, previous: date, day: date) -> list[TrueChange]:
        nct_id = nct_id_of_index(index)
        was_there, is_there = self._is_listed(index, previous), self._is_listed(index, day)
        if not (was_there and is_there):
            kind = self._coming_or_going(index, was_there, is_there, day)
            return [TrueChange(nct_id, kind, *self._ends(nct_id, kind, day))] if kind else []
        trial = self._life(index)
        found = life_changes(trial, previous, day)
        old, new = self._sponsor_on(trial.profile, previous), self._sponsor_on(trial.profile, day)
        if old != new and trial.profile.study_type != "WITHHELD":
            found.append(TrueChange(nct_id, SPONSOR_RENAMED, old, new, is_silent=True))
        return found

    def _coming_or_going(self, index: int, was_there: bool, is_there: bool, day: date) -> str | None:
        if is_there:
            return NEW_TRIAL if date.fromordinal(self._posting_days()[index]) == day else REAPPEARED
        if not was_there:
            return None
        return MERGED if nct_id_of_index(index) in self.aliases(day) else VANISHED

    def _ends(self, nct_id: str, kind: str, day: date) -> tuple[str | None, str | None]:
        if kind in (NEW_TRIAL, REAPPEARED):
            return None, nct_id
        return nct_id, self.aliases(day).get(nct_id)

    def _list(self, day: date) -> tuple[str, ...]:
        made_up = (nct_id_of_index(i) for i in range(self._size) if self._is_listed(i, day))
        return (*self._references.nct_ids(day), *made_up)

    def _is_listed(self, index: int, day: date) -> bool:
        """Posted by that day, and neither gone nor merged."""
        if self._posting_days()[index] > day.toordinal():
            return False
        if departures.vanishes(self._seed, index):
            gone, back = departures.absence(self._seed, index)
            return not gone <= self._position(day) < back
        return not self._is_merged(index, day)

    def _is_merged(self, index: int, day: date) -> bool:
        """Whether the trial is only an alias (of the one with the id before) on that day."""
        if index >= self._size or not departures.merges(self._seed, index):
            return False
        return self._position(day) >= departures.merge_position(self._seed, index)

    def _posting_days(self) -> "array[int]":
        """Every trial's first day as an ordinal: eight bytes a trial, worked out once."""
        if len(self._first_posted) != self._size:
            self._first_posted = array(
                "l", (first_posted(self._seed, i, self._last_day).toordinal() for i in range(self._size))
            )
        return self._first_posted

    def _position(self, day: date) -> int:
        """Place in the last fortnight of publishing days; negative before it."""
        return self._fortnight.index(day) if day in self._fortnight else -1

    def _live(self, index: int) -> Life:
        return life(self._seed, index, self._last_day)

    def _sponsor_on(self, profile: Profile, day: date) -> str:
        """Renamed sponsors change their name in every record at once, silently."""
        sponsor = profile.sponsor
        renamed = sponsor.new_name is not None and self._position(day) >= sponsor.renamed_at
        return sponsor.new_name if renamed and sponsor.new_name else sponsor.name

    def _index_of(self, nct_id: str) -> int | None:
        if not (nct_id.startswith(_FIRST_ID[:4]) and len(nct_id) == len(_FIRST_ID) and nct_id[4:].isdigit()):
            return None
        index = int(nct_id[_ID_DIGITS])
        return index if index < self._size else None

    def _check_day(self, day: date) -> None:
        if day not in self._days:
            raise SettingsInvalid(f"{day} is not one of this registry's days")
