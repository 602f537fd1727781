"""Whether every value of every record lies somewhere in the marts: a field left out is a worse copy."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from duckdb import DuckDBPyConnection

from integration.marts_oracle.sources import named_paths
from integration.marts_oracle.values import Record, plain

TABLES_OF_TRIALS = """
    select schema_name, table_name
    from duckdb_columns()
    where database_name = current_database()
        and schema_name in ('marts', 'personal') and column_name = 'nct_id'
"""


def lost_leaves(con: DuckDBPyConnection, records: Iterable[Record]) -> list[tuple[str, str, str]]:
    """(nct_id, path, value) of every leaf that no row of its trial holds.

    True and false are found anywhere: of a boolean only its path is asked for, among the columns' sources.
    """
    kept = texts_of_trials(con)
    lost = []
    for record in records:
        nct_id = record["protocolSection"]["identificationModule"]["nctId"]
        texts = kept.get(nct_id, set())
        for path, value in leaves_of(plain(record)):
            text = text_of(value)
            is_kept = path in named_paths() if isinstance(value, bool) else text in texts
            if not is_kept:
                lost.append((nct_id, path, text))
    return lost


def leaves_of(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted path, value) of every text, number and boolean; lists add nothing to a path."""
    if isinstance(node, dict):
        for name, item in node.items():
            yield from leaves_of(item, f"{path}.{name}" if path else name)
    elif isinstance(node, list):
        for item in node:
            yield from leaves_of(item, path)
    elif node is not None:
        yield path, node


def texts_of_trials(con: DuckDBPyConnection) -> dict[str, set[str]]:
    """By trial every value of its rows in any table, as text."""
    texts: dict[str, set[str]] = defaultdict(set)
    for schema, table in con.execute(TABLES_OF_TRIALS).fetchall():
        rows = con.execute(f'select nct_id, columns(c -> c <> \'nct_id\') from "{schema}"."{table}"')
        for row in rows.fetchall():
            texts[row[0]].update(_texts_in(row))
    return texts


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts_in(item)
    elif isinstance(value, dict):
        yield from _texts_in(list(value.values()))
    elif value is not None and not isinstance(value, bool):
        yield text_of(value)


def text_of(value: Any) -> str:
    """A value as a record spells it: 12.0 is 12, a time has no seconds, true is no Python word."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)
