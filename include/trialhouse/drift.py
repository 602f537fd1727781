"""What in the records is new to us, and which fields changed or vanished in how many of them.

Both are SQL over typed records: the expressions are made from the type tree, one a field.
"""

from functools import cache
from typing import Any

import duckdb

from trialhouse.lake import Drift
from trialhouse.record_check import VERSION_HOLDER_PATH
from trialhouse.record_type import leaf_paths, load_record_type

UNKNOWN_FIELD, UNKNOWN_VALUE = "unknown_field", "unknown_value"
# A field or code new in every record is one line; this many different ones mean another format altogether.
MOST_DRIFTS_NAMED = 100
NO_KNOWN_FIELD = "(no known field)"
# A mark a field and record is held in memory; usually a day has far fewer changed records.
RECORDS_A_BATCH = 20_000


def create_changed_fields(con: duckdb.DuckDBPyConnection) -> None:
    """Table `changed_fields`: path, how many records changed it from `before` to `today`, how many lost it.

    Only records that changed are read. Those that changed elsewhere have their own path (NO_KNOWN_FIELD).
    """
    con.execute("""
        create table changed_records as
        select nct_id, before.content_hash as old_hash, today.content_hash as new_hash
        from before
        inner join today using (nct_id)
        where before.content_hash <> today.content_hash
    """)
    con.execute("create table changed_fields (path varchar, changed_count bigint, lost_count bigint)")
    ((count,),) = con.execute("select count(*) from changed_records").fetchall()
    batches = -(-count // RECORDS_A_BATCH)
    for batch in range(batches):
        con.execute(f"insert into changed_fields {_changes_of_batch(batches, batch)}")


def _changes_of_batch(batches: int, batch: int) -> str:
    """SQL: path, changed_count, lost_count of every `batches`-th changed record."""
    return f"""
        with batch as (from changed_records where hash(nct_id) % {batches} = {batch}),
        contents as (
            select nct_id, old_hash as content_hash from batch
            union
            select nct_id, new_hash from batch
        ),
        marked as (
            select nct_id, content_hash, {_field_marks()} as marks
            from versions
            semi join contents using (nct_id, content_hash)
        ),
        compared as (
            select
                unnest({[*_leaves(), NO_KNOWN_FIELD]}) as path,
                unnest(list_append(old.marks, if(old.marks = new.marks, 1, 0))) as old_mark,
                unnest(list_append(new.marks, 0)) as new_mark
            from batch
            inner join marked as old on batch.nct_id = old.nct_id and batch.old_hash = old.content_hash
            inner join marked as new on batch.nct_id = new.nct_id and batch.new_hash = new.content_hash
        )
        select path, count(*), count(*) filter (new_mark = 0 and path <> '{NO_KNOWN_FIELD}')
        from compared
        where old_mark <> new_mark
        group by path
    """


@cache
def _field_marks() -> str:
    """SQL expression over a typed record: of each leaf the hash of its values, 0 where it is not filled."""
    values = map(values_at, _leaves())
    return f"[{', '.join(f'if(list_count({each}) > 0, hash({each}), 0)' for each in values)}]"


def _leaves() -> list[str]:
    """Dotted paths of all that belongs to the content of a record."""
    return [path for path in leaf_paths(load_record_type()) if path != VERSION_HOLDER_PATH]


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
