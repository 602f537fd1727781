"""Who is in the registry on the day that is being landed, and how that compares with the day before."""

import pyarrow as pa

from trialhouse.landing_tables import LandingTables
from trialhouse.parquet_files import copy_to_parquet, refuse_lost_rows
from trialhouse.presence import POST_DATE_PATH


def write_presence(tables: LandingTables, listed: pa.Table) -> None:
    """Every id of the day with the version it has, and what of that differs from the day before.

    A record in quarantine keeps the version it had the day before; a new one has none yet.
    """
    _create_present(tables, listed)
    file = tables.lake.presence_file(tables.day)
    rows = "select nct_id, version_date, read_on from present order by nct_id"
    copy_to_parquet(tables.con, rows, file)
    refuse_lost_rows(tables.con, file, "present")
    if tables.has_previous_day:
        copy_to_parquet(tables.con, "from changes order by nct_id", tables.lake.changes_file(tables.day))


def _create_present(tables: LandingTables, listed: pa.Table) -> None:
    """Temp tables `present` (nct_id, content_hash, version_date, read_on) and `changes`.

    read_on: the day on which that content was last read. A change without a content hash is an id that is
    listed no more, or whose record never could be loaded.
    """
    tables.con.register("listed", listed)
    tables.con.execute(f"""
        create temp table present as
        with
        loaded as (
            select
                read_records.nct_id,
                read_records.content_hash,
                coalesce(known.version_date, date '{tables.day}') as version_date
            from read_records
            left join known_versions as known using (nct_id, content_hash)
            where reason is null
        )
        select
            listed.nct_id,
            if(loaded.nct_id is null, previous.content_hash, loaded.content_hash) as content_hash,
            if(loaded.nct_id is null, previous.version_date, loaded.version_date) as version_date,
            if(loaded.nct_id is null, previous.read_on, date '{tables.day}') as read_on
        from listed
        left join loaded on listed.nct_id = loaded.nct_id
        left join previous_presence as previous on listed.nct_id = previous.nct_id
    """)
    tables.con.execute("""
        create temp table changes as
        select coalesce(present.nct_id, previous.nct_id) as nct_id, present.content_hash, present.read_on
        from present
        full outer join previous_presence as previous on present.nct_id = previous.nct_id
        where present.content_hash is distinct from previous.content_hash
    """)


def record_counts(tables: LandingTables) -> dict[str, int]:
    """Today beside the day before."""
    counts = tables.con.execute(f"""
        select
            count(*) as studies_count,
            (select count(*) from read_records) as read_count,
            (select count(*) from read_records where reason is not null) as quarantined_count,
            count(*) filter (known.nct_id is null and previous.nct_id is null) as new_count,
            count(*) filter (previous.nct_id is null and known.nct_id is not null) as returned_count,
            count(*) filter (previous.content_hash <> present.content_hash) as changed_count,
            ({_silent_changed(tables)}) as silent_changed_count,
            (select count(*) from previous_presence anti join present using (nct_id)) as vanished_count
        from present
        left join previous_presence as previous on present.nct_id = previous.nct_id
        left join (select distinct nct_id from known_versions) as known on present.nct_id = known.nct_id
    """).to_arrow_table()
    return dict(counts.to_pylist()[0])


def _silent_changed(tables: LandingTables) -> str:
    """SQL: how many records have another content and the same last update post date as the day before."""
    file = tables.lake.versions_file(tables.day)
    known = f"select nct_id, content_hash, {POST_DATE_PATH} as posted_on from known_records"
    today = f"union all select nct_id, content_hash, {POST_DATE_PATH} from '{file}'" if file.exists() else ""
    versions = f"({known} {today})"
    return f"""
        select count(*)
        from (
            select nct_id, previous.content_hash as old_hash, changes.content_hash as new_hash
            from changes inner join previous_presence as previous using (nct_id)
        ) as changed
        inner join {versions} as old on changed.nct_id = old.nct_id and changed.old_hash = old.content_hash
        inner join {versions} as new on changed.nct_id = new.nct_id and changed.new_hash = new.content_hash
        where old.posted_on = new.posted_on
    """
