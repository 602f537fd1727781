"""The nightly listing: what it says of every id, and which records must therefore be read."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from trialhouse.plain_texts import typed_plain_records
from trialhouse.presence import any_sweep_column_differs, swept_rows
from trialhouse.reading import Slice, index_records, require_distinct_ids
from trialhouse.typed_loading import REFUSALS, with_refusals, without_refused

# Every record is read again within 30 days; the registry publishes on 20 or so of them, fewer with holidays.
PUBLISHING_DAYS_PER_REREAD = 18
# Runs were missed: what would grow older than 30 days over a long weekend is read now, however much it is.
OLDEST_READ_DAYS = 26


@dataclass(frozen=True, slots=True)
class ToRead:
    """Ids whose full record is to be read; `reread` tells of those that are only in it for their age."""

    nct_ids: list[str]
    reread: Slice


def load_sweep(con: duckdb.DuckDBPyConnection, pages: list[Path], folder: Path) -> pa.Table:
    """Make the temp table `swept`: one row a listed id with its sweep columns; returns the pages' index.

    A row that does not fit its type is listed without columns, so that its full record is read and judged.

    Raises:
        SnapshotIncomplete: an id came twice.
    """
    index = index_records(pages)
    try:
        _create_swept(con, pages, index, folder)
    except REFUSALS:
        index = with_refusals(con, pages, index, folder)
        _create_swept(con, pages, index, folder)
    require_distinct_ids(index)
    con.execute(
        "insert into swept by name"
        " select nct_id from sweep_index where reason is not null and nct_id is not null"
    )
    return index


def _create_swept(con: duckdb.DuckDBPyConnection, pages: list[Path], index: pa.Table, folder: Path) -> None:
    """Texts are plain like those of the last presence, or a record would look changed every day.

    The index can be queried afterwards, as `sweep_index`.
    """
    con.register("sweep_index", index)
    loadable = without_refused(pages, index, folder)
    not_plain = {loadable[page]: lines for page, lines in _lines_not_plain(con)}
    skeletons = typed_plain_records(loadable, folder / "plain", not_plain)
    con.execute(f"create or replace temp table swept as {swept_rows(skeletons)}")


def _lines_not_plain(con: duckdb.DuckDBPyConnection) -> list[tuple[int, list[int]]]:
    """Page, and lines of it (from 0, refused ones not counted) whose texts must be made plain."""
    return con.execute("""
        with loadable as (
            select page, is_plain, row_number() over (partition by page order by line) - 1 as place
            from sweep_index where reason is null
        )
        select page, list(place order by place) from loadable where not is_plain group by page order by page
    """).fetchall()


def records_to_read(con: duckdb.DuckDBPyConnection, day: date, held: set[date]) -> ToRead:
    """Ids that are new, listed differently than before or in quarantine, and the slice of the oldest.

    What was read on a day that a gate holds is not believed and read again.
    """
    held_list = ", ".join(f"date '{each}'" for each in sorted(held)) or "null"
    con.execute(f"""
        create or replace temp table to_read as
        with listed as (
            select
                swept.nct_id,
                previous.read_on,
                previous.content_hash is null
                or quarantined.nct_id is not null
                or coalesce(previous.read_on in ({held_list}), false)
                or {any_sweep_column_differs("swept", "listing")} as is_changed
            from swept
            left join previous_presence as previous on swept.nct_id = previous.nct_id
            left join previous_listing as listing on swept.nct_id = listing.nct_id
            left join previous_quarantine as quarantined on swept.nct_id = quarantined.nct_id
        ),
        aged as (
            select *, row_number() over (order by read_on, nct_id) as age_rank
            from listed where not is_changed
        )
        select nct_id, cast(null as date) as oldest_read_on from listed where is_changed
        union all
        select nct_id, read_on from aged
        where age_rank <= (select ceil(count(*) / {PUBLISHING_DAYS_PER_REREAD}) from listed)
            or read_on <= date '{day}' - {OLDEST_READ_DAYS}
    """)
    nct_ids = con.execute("select nct_id from to_read order by nct_id").to_arrow_table()["nct_id"].to_pylist()
    (count, oldest) = con.execute(
        "select count(oldest_read_on), min(oldest_read_on) from to_read"
    ).fetchall()[0]
    return ToRead(nct_ids, Slice(count, oldest))
