"""A record with clean text, and the rows that one study gives."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]
Row = dict[str, Any]
Key = tuple[str, str, int]


def clean(node: Any) -> Any:
    """The same JSON with every text NFC and without NUL, which no database keeps."""
    if isinstance(node, str):
        return unicodedata.normalize("NFC", node.replace("\0", ""))
    if isinstance(node, list):
        return [clean(item) for item in node]
    if isinstance(node, dict):
        return {name: clean(value) for name, value in node.items()}
    return node


def at(node: Any, path: str) -> Any:
    """The value at a dotted path, None when any step is missing."""
    for name in path.split("."):
        node = node.get(name) if isinstance(node, dict) else None
    return node


def listed(node: Any, path: str) -> list[Any]:
    """The list at a dotted path; a missing list has no items."""
    found = at(node, path)
    return found if isinstance(found, list) else []


def picked(node: Any, paths: Mapping[str, str]) -> Row:
    """Columns taken as they are, each from its path."""
    return {column: at(node, path) for column, path in paths.items()}


@dataclass(slots=True)
class Study:
    """One record and the rows read from it so far."""

    nct_id: str
    record: Record
    tables: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    # The group a result speaks of: a code within a result type, or within one outcome.
    result_groups: dict[tuple[str | Key, str], Key] = field(default_factory=dict)

    def add(self, table: str, **columns: Any) -> Key:
        """One more row of a table; its key is where it stands among the study's rows of that table."""
        rows = self.tables[table]
        key = (self.nct_id, table, len(rows))
        rows.append({"id": key, "nct_id": self.nct_id, **columns})
        return key

    def group(self, within: str | Key, code: str | None) -> Key | None:
        return None if code is None else self.result_groups.get((within, code))


def study_of(record: Record) -> Study:
    cleaned = clean(record)
    return Study(cleaned["protocolSection"]["identificationModule"]["nctId"], cleaned)
