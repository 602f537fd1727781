"""What in the records is new to us, and which fields each record fills, so that a field cannot vanish unseen.

Both are SQL over typed records: the expressions are made from the type tree, one a field.
"""

from functools import cache
from typing import Any

import duckdb

from trialhouse.lake import Drift
from trialhouse.record_type import leaf_paths, load_record_type

UNKNOWN_FIELD, UNKNOWN_VALUE = "unknown_field", "unknown_value"
# A field or code new in every record is one line; this many different ones mean another format altogether.
MOST_DRIFTS_NAMED = 100


@cache
def filled_fields() -> str:
    """SQL expression over a typed record: dotted paths of the leaves it fills, a VARCHAR list."""
    marks = (f"case when list_count({values_at(path)}) > 0 then '{path}' end" for path in _leaves())
    return f"list_filter([{', '.join(marks)}], lambda path: path is not null)"


def _leaves() -> list[str]:
    return list(leaf_paths(load_record_type()))


def values_at(path: str) -> str:
    """SQL expression over a typed record: every value at a dotted path, through all lists on the way."""
    return _values(load_record_type(), path.split("."), "", 0)


def _values(node: Any, names: list[str], base: str, depth: int) -> str:
    if isinstance(node, list):
        item = f"item_{depth}"
        return f"flatten(list_transform({base}, lambda {item}: {_values(node[0], names, item, depth + 1)}))"
    if not names:
        return f"[{base}]"
    below = f'{base}."{names[0]}"' if base else f'"{names[0]}"'
    return _values(node[names[0]], names[1:], below, depth)


def drifts_of_day(con: duckdb.DuckDBPyConnection) -> list[Drift]:
    """Unknown fields of the records read (`read_records`), unknown codes of those that are `new_versions`.

    The commonest first; at most MOST_DRIFTS_NAMED.
    """
    rows = con.execute(f"""
        with found as (
            select '{UNKNOWN_FIELD}' as kind, unnest(unknown_fields) as path, null as value, nct_id
            from read_records where reason is null
            union all
            select '{UNKNOWN_VALUE}', code.path, code.value, nct_id
            from (
                select nct_id, unnest(unknown_codes) as code
                from read_records semi join new_versions using (nct_id, content_hash)
            )
        )
        select kind, path, value, count(distinct nct_id) as records_count, min(nct_id) as example_nct_id
        from found
        group by kind, path, value
        order by records_count desc, kind, path, value
        limit {MOST_DRIFTS_NAMED}
    """).fetchall()
    return [Drift(*row) for row in rows]
