"""A registry of which some records say something else."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from trialhouse.local_registry.source import PastVersion, StudySource

# Changes the record in place and says whether it did.
Edit = Callable[[str, date, dict[str, Any]], bool]


def note_since(since_of: Callable[[str], date | None]) -> Edit:
    """One sentence more from a day of each record on, where no nightly listing looks; None: never."""

    def edit(nct_id: str, day: date, record: dict[str, Any]) -> bool:
        since = since_of(nct_id)
        if since is None or day < since:
            return False
        record["protocolSection"]["ipdSharingStatementModule"] = {"description": f"Edited on {since}."}
        return True

    return edit


class EditedSource:
    """Another source's days; `edit` has the last word on every record."""

    def __init__(self, source: StudySource, edit: Edit) -> None:
        self._source = source
        self._edit = edit

    def days(self) -> list[date]:
        return self._source.days()

    def nct_ids(self, day: date) -> Sequence[str]:
        return self._source.nct_ids(day)

    def study(self, day: date, nct_id: str) -> bytes | None:
        body = self._source.study(day, nct_id)
        if body is None:
            return None
        record = json.loads(body)
        return json.dumps(record).encode() if self._edit(nct_id, day, record) else body

    def posted_on(self, day: date, nct_id: str) -> str:
        record = json.loads(self.study(day, nct_id) or b"{}")
        status = record.get("protocolSection", {}).get("statusModule", {})
        return str(status.get("lastUpdatePostDateStruct", {}).get("date", ""))

    def aliases(self, day: date) -> Mapping[str, str]:
        return self._source.aliases(day)

    def history(self, day: date, nct_id: str) -> Sequence[PastVersion]:
        return self._source.history(day, nct_id)
