"""What changed in who was listed, and with which content, from one built day to the next.

A day's own changes (`changes/` in the lake) compare it with the day that was the newest before it when it
landed. Where that is the day built before it they are taken as they are. Around a late or a held day they are
not: trials that may be touched by that are compared day by day, from presence itself.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb

from trialhouse.lake import Lake
from trialhouse.presence import parquet_rows, presence_rows

CHANGE_TYPES = {"nct_id": "VARCHAR", "snapshot_date": "DATE", "content_hash": "VARCHAR"}


def create_presence_changes(con: duckdb.DuckDBPyConnection, table: str, lake: Lake, days: list[date]) -> None:
    """Table nct_id, snapshot_date, content_hash: a row for each built day on which a trial's content changed.

    A trial's first row is the first day on which it was listed with a content; no hash means that from that
    day on it is listed no more. A day on which a record was not read has the content of the newest built day
    before on which it was, whatever was known when the day landed: days may land late.
    """
    con.execute(f"create temp table doubtful as {_doubtful_ids(lake, days)}")
    changes = [
        lake.changes_file(after) for before, after in pairwise(days) if _is_regular(lake, before, after)
    ]
    con.execute(f"""
        create table {table} as
        select nct_id, snapshot_date, content_hash
        from (
            select * from ({presence_rows(lake, days[:1])}) where content_hash is not null
            union all by name
            ({parquet_rows(changes, CHANGE_TYPES)})
        )
        anti join doubtful using (nct_id)
    """)
    if con.execute("select count(*) from doubtful").fetchall() != [(0,)]:
        con.execute(f"insert into {table} {_compared_day_by_day(lake, days)}")
    con.execute("drop table doubtful")


def presence_files(lake: Lake, days: list[date]) -> list[Path]:
    """Files that name every id listed on these days: a day's changes where they tell all, or its presence."""
    irregular = {after for before, after in pairwise(days) if not _is_regular(lake, before, after)}
    return [
        lake.presence_file(day) if day == days[0] or day in irregular else lake.changes_file(day)
        for day in days
    ]


def _is_regular(lake: Lake, before: date, after: date) -> bool:
    return lake.manifest(after).previous_snapshot_date == before and lake.changes_file(after).exists()


def _doubtful_ids(lake: Lake, days: list[date]) -> str:
    """SQL: the ids that the changes of single days may not tell right."""
    parts = [
        f"select nct_id from ({part})"
        for before, after in pairwise(days)
        if not _is_regular(lake, before, after)
        for part in _ids_that_differ(lake, before, after)
    ]
    return " union ".join(parts) or "select cast(null as varchar) as nct_id limit 0"


def _ids_that_differ(lake: Lake, before: date, after: date) -> Iterator[str]:
    """SQL: nct_id; every id that differs between two built days, or on a day by which they are connected."""
    lowest = _common_day(lake, before, after)
    between = [day for day in lake.days() if lowest and lowest < day <= after]
    if lowest and all(lake.changes_file(day).exists() for day in between):
        yield parquet_rows([lake.changes_file(day) for day in between], CHANGE_TYPES)
        return
    yield f"""
        select coalesce(one.nct_id, other.nct_id) as nct_id
        from ({presence_rows(lake, [before])}) as one
        full outer join ({presence_rows(lake, [after])}) as other on one.nct_id = other.nct_id
        where one.content_hash is distinct from other.content_hash
    """


def _common_day(lake: Lake, before: date, after: date) -> date | None:
    """The day, at or before `before`, down to which each day between was compared with the one below it."""
    day: date | None = after
    while day and day > before:
        day = lake.manifest(day).previous_snapshot_date
    return day


def _compared_day_by_day(lake: Lake, days: list[date]) -> str:
    """SQL: CHANGE_TYPES of the doubtful ids."""
    listed_days = ", ".join(f"date '{day}'" for day in days)
    return f"""
        with
        days as (
            select
                unnest([{listed_days}]) as snapshot_date,
                generate_subscripts([{listed_days}], 1) as day_number
        ),
        listed as (
            select *
            from ({presence_rows(lake, days)})
            semi join doubtful using (nct_id)
            where content_hash is not null
        ),
        read as (
            select
                nct_id, snapshot_date,
                coalesce(
                    last_value(case when read_on = snapshot_date then content_hash end ignore nulls) over (
                        partition by nct_id order by snapshot_date
                        rows between unbounded preceding and current row
                    ),
                    content_hash
                ) as content_hash
            from listed
        ),
        compared as (
            select
                nct_id, snapshot_date, content_hash, day_number,
                lag(day_number) over of_trial is not distinct from day_number - 1
                and lag(content_hash) over of_trial = content_hash as is_unchanged,
                lead(day_number) over of_trial is not distinct from day_number + 1 as is_listed_next
            from read
            inner join days using (snapshot_date)
            window of_trial as (partition by nct_id order by snapshot_date)
        )
        select nct_id, snapshot_date, content_hash from compared where not is_unchanged
        union all
        select compared.nct_id, days.snapshot_date, null
        from compared
        inner join days on compared.day_number + 1 = days.day_number
        where not compared.is_listed_next
    """
