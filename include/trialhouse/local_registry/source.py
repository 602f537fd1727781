"""What the local registry serves: any number of days, each a set of records."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol


class StudySource(Protocol):
    """A registry's days. The answers for a day never change, in whatever order they are asked for."""

    def days(self) -> list[date]:
        """Every publishing day it has, ascending; never empty."""
        ...

    def nct_ids(self, day: date) -> Sequence[str]:
        """The ids in the registry on that day, in the order they are listed."""
        ...

    def study(self, day: date, nct_id: str) -> bytes | None:
        """One record's exact JSON bytes, or nothing if the day does not have it."""
        ...

    def posted_on(self, day: date, nct_id: str) -> str:
        """A record's `lastUpdatePostDateStruct.date` (empty if it has none), without making its JSON."""
        ...

    def aliases(self, day: date) -> Mapping[str, str]:
        """Obsolete id → the id it became."""
        ...
