"""What the local registry serves: any number of days, each a set of records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PastVersion:
    """A version of a trial; its number is its place among the trial's versions.

    date: when it was submitted, as the record writes it.
    module_labels: what it changed, in the registry's words; the first version has none.
    record: the whole record as it was then.
    """

    date: str
    status: str
    study_type: str
    module_labels: tuple[str, ...]
    record: bytes


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

    def history(self, day: date, nct_id: str) -> Sequence[PastVersion]:
        """What was submitted until that day, oldest first; empty if the registry tells no history."""
        ...
