"""Rows compared by what they say and point to, whatever their ids are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

PARENTS = {
    "result_group_id": "result_groups",
    "outcome_id": "outcomes",
    "facility_id": "facilities",
    "intervention_id": "interventions",
    "design_group_id": "design_groups",
    "outcome_analysis_id": "outcome_analyses",
    "reference_id": "study_references",
}
# Columns that say how a row was stored, not what the registry says.
STORAGE = {"id", "created_at", "updated_at"}
NO_SUCH_ROW = ("no such row",)

Tables = Mapping[str, Sequence[Mapping[str, Any]]]
Content = tuple[Any, ...]


def with_keys_resolved(tables: Tables) -> dict[str, Counter[Content]]:
    """Every table as a multiset of row contents, each foreign key replaced by its row's content."""
    contents = _Contents(tables)
    return {table: Counter(contents.of_row(row) for row in rows) for table, rows in tables.items()}


class _Contents:
    """The contents of rows, those of parent rows worked out once."""

    def __init__(self, tables: Tables) -> None:
        wanted = set(PARENTS.values()) & set(tables)
        self.parents = {table: {row["id"]: row for row in tables[table]} for table in wanted}
        self.known: dict[tuple[str, Any], Content] = {}

    def of_row(self, row: Mapping[str, Any]) -> Content:
        return tuple((column, self._value(column, row[column])) for column in sorted(row.keys() - STORAGE))

    def _value(self, column: str, value: Any) -> Any:
        if value is None:
            return None
        if column in PARENTS:
            return self._of_parent(PARENTS[column], value)
        return float(value) if isinstance(value, Decimal) else value

    def _of_parent(self, table: str, key: Any) -> Content:
        if (table, key) not in self.known:
            row = self.parents.get(table, {}).get(key)
            self.known[table, key] = NO_SUCH_ROW if row is None else self.of_row(row)
        return self.known[table, key]
