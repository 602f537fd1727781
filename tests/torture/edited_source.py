"""A registry in which records are edited, each on a day of its own, where no nightly listing looks."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from trialhouse.local_registry.source import PastVersion, StudySource


class EditedSource:
    """Another source's days; `edited_on` says from which day on a record carries one more sentence."""

    def __init__(self, source: StudySource, edited_on: Callable[[str], date | None]) -> None:
        self._source = source
        self._edited_on = edited_on

    def days(self) -> list[date]:
        return self._source.days()

    def nct_ids(self, day: date) -> Sequence[str]:
        return self._source.nct_ids(day)

    def study(self, day: date, nct_id: str) -> bytes | None:
        body = self._source.study(day, nct_id)
        since = self._edited_on(nct_id)
        if body is None or since is None or day < since:
            return body
        record = json.loads(body)
        record["protocolSection"]["ipdSharingStatementModule"] = {"description": f"Edited on {since}."}
        return json.dumps(record).encode()

    def posted_on(self, day: date, nct_id: str) -> str:
        return self._source.posted_on(day, nct_id)

    def aliases(self, day: date) -> Mapping[str, str]:
        return self._source.aliases(day)

    def history(self, day: date, nct_id: str) -> Sequence[PastVersion]:
        return self._source.history(day, nct_id)
