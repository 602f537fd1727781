"""A grown corpus as a registry that lives: CHANGES_A_DAY of its records change on each day but the first."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property

from bench.corpus import nct_id_of, record
from trialhouse.local_registry.source import PastVersion

FIRST_DAY = date(2026, 1, 5)
CHANGES_A_DAY = 1500
SIZE_OF_A_REGISTRY = 600_000
STATUSES = (b"RECRUITING", b"SUSPENDED", b"COMPLETED", b"TERMINATED", b"ACTIVE_NOT_RECRUITING")
# Has no divisor in common with a round number: spreads the records that change over all ids.
STRIDE = 7919

_STATUS = re.compile(rb'"overallStatus":"[A-Z_]+"')
_POSTED = re.compile(rb'"lastUpdatePostDateStruct":\{"date":"[0-9-]+"')


class CorpusRegistry:
    """Records of `corpus.record` on any number of days; each changes at most once in `size` changes."""

    def __init__(self, size: int, days: int) -> None:
        self.size = size
        self._days = days
        self.changes_a_day = max(1, CHANGES_A_DAY * size // SIZE_OF_A_REGISTRY)

    def days(self) -> list[date]:
        return [FIRST_DAY + timedelta(days=number) for number in range(self._days)]

    @cached_property
    def _nct_ids(self) -> list[str]:
        return [nct_id_of(number) for number in range(self.size)]

    def nct_ids(self, day: date) -> Sequence[str]:
        return self._nct_ids

    def study(self, day: date, nct_id: str) -> bytes | None:
        number = int(nct_id.removeprefix("NCT9"))
        return self.record_on(day, number) if number < self.size else None

    def posted_on(self, day: date, nct_id: str) -> str:
        return ""

    def aliases(self, day: date) -> Mapping[str, str]:
        return {}

    def history(self, day: date, nct_id: str) -> Sequence[PastVersion]:
        return ()

    def changed_on(self, day: date) -> list[int]:
        """Numbers of the records that have another content than on the day before, in order."""
        first = ((day - FIRST_DAY).days - 1) * self.changes_a_day
        if first < 0:
            return []
        return sorted(place * STRIDE % self.size for place in range(first, first + self.changes_a_day))

    def record_on(self, day: date, number: int) -> bytes:
        """The record as the last change up to that day left it."""
        place: int = number * pow(STRIDE, -1, self.size) % self.size
        changed_after_days = place // self.changes_a_day + 1
        body = record(number)
        if changed_after_days > (day - FIRST_DAY).days:
            return body
        changed_on = FIRST_DAY + timedelta(days=changed_after_days)
        status = STATUSES[number % len(STATUSES)]
        body = _STATUS.sub(b'"overallStatus":"%b"' % status, body, count=1)
        posted = b'"lastUpdatePostDateStruct":{"date":"%b"' % changed_on.isoformat().encode()
        return _POSTED.sub(posted, body, count=1)
