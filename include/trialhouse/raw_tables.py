"""Schema `raw` of the scratch file: what a build reads of the lake, and of no day that lands meanwhile."""

from collections.abc import Iterable
from datetime import date
from itertools import chain

import duckdb
import msgspec
import pyarrow as pa

from trialhouse.duckdb_session import remember_parquet_files
from trialhouse.lake import Lake, Manifest, existing
from trialhouse.past_tables import create_past_records, create_past_tables
from trialhouse.presence import parquet_rows, version_rows
from trialhouse.presence_changes import create_presence_changes
from trialhouse.releases import all_releases
from trialhouse.settings import Settings

SNAPSHOT_TYPES = {
    "snapshot_date": "DATE",
    "data_timestamp": "TIMESTAMP",
    "landed_at": "TIMESTAMP",
    "sync_mode": "VARCHAR",
    "total_count": "BIGINT",
    "studies_count": "BIGINT",
    "read_count": "BIGINT",
    "quarantined_count": "BIGINT",
    "artefact_count": "BIGINT",
    "reread_count": "BIGINT",
}
DRIFT_TYPES = {
    "snapshot_date": "DATE",
    "kind": "VARCHAR",
    "path": "VARCHAR",
    "value": "VARCHAR",
    "records_count": "BIGINT",
    "example_nct_id": "VARCHAR",
}
RELEASE_TYPES = {
    "snapshot_date": "DATE",
    "rule": "VARCHAR",
    "reason": "VARCHAR",
    "person": "VARCHAR",
    "released_at": "TIMESTAMP",
}
DEPARTURE_TYPES = {
    "nct_id": "VARCHAR",
    "absent_on": "DATE",
    "departure_type": "VARCHAR",
    "merged_into_nct_id": "VARCHAR",
}
QUARANTINE_TYPES = {
    "snapshot_date": "DATE",
    "nct_id": "VARCHAR",
    "content_hash": "VARCHAR",
    "reason": "VARCHAR",
    "raw_line": "BIGINT",
}
RECORDED_TRIALS = "parts.trials_as_recorded"
RECORDED_VERSIONS = "parts.trial_contents"
# Rows of changed trials lie at the end of each table, not where their id belongs. Beyond this share of the
# trials a build writes every table anew.
SHARE_UPDATED_AT_MOST = 0.1
# The greediest model, criteria, takes 2.4 GB for so many; smaller batches read more of the records twice.
TRIALS_A_BATCH = 100_000


def create_raw_tables(settings: Settings, lake: Lake, days: list[date]) -> None:
    """The tables and views of the days to build, but for the records (`create_record_tables`)."""
    with duckdb.connect(str(settings.scratch_file)) as con:
        remember_parquet_files(con)
        con.execute("create schema raw")
        manifests = [lake.manifest(day) for day in days]
        _create_table(con, "raw_ctgov__snapshots", SNAPSHOT_TYPES, map(_snapshot_row, manifests))
        _create_table(con, "raw_ctgov__drift", DRIFT_TYPES, chain(*map(_drift_rows, manifests)))
        _create_table(con, "raw_ctgov__gate_releases", RELEASE_TYPES, _release_rows(settings, days))
        create_presence_changes(con, "raw.raw_ctgov__presence_changes", lake, days)
        # A day may list records that did not change since a held one: their versions lie with that day.
        con.execute(f"create view raw.raw_ctgov__versions as {version_rows(lake)}")
        # Nor does a held day make the registry's answers of that day untrue.
        departures = parquet_rows(existing(map(lake.departures_file, lake.days())), DEPARTURE_TYPES)
        con.execute(f"create view raw.raw_ctgov__departures as {departures}")
        quarantine = parquet_rows(existing(map(lake.quarantine_file, days)), QUARANTINE_TYPES)
        con.execute(f"create view raw.raw_ctgov__quarantine as {quarantine}")
        create_past_tables(con, lake)


def create_record_tables(settings: Settings, lake: Lake, *, may_update: bool) -> bool:
    """The trials and versions whose rows are to be written, and the records that hold them.

    may_update: the published file was made by the same code. Returns whether it holds so many of the trials
    as they are that only the others need to be written; if not, all are.
    """
    with duckdb.connect(str(settings.scratch_file)) as con:
        remember_parquet_files(con)
        for built in ("built_trials", "built_versions"):
            con.execute(f"create temp table {built} (nct_id varchar, content_hash varchar)")
        if may_update:
            con.execute(f"attach '{settings.published_file}' as published (read_only)")
            for built, table in (("built_trials", RECORDED_TRIALS), ("built_versions", RECORDED_VERSIONS)):
                con.execute(f"insert into {built} select nct_id, content_hash from published.{table}")
        _create_changed(con)
        is_update = may_update and _is_small(con)
        if may_update and not is_update:
            con.execute("delete from built_trials; delete from built_versions")
            _create_changed(con)
        _create_batches(con)
        con.execute(f"create view raw.raw_ctgov__records as {version_rows(lake, _days_of_records(con))}")
        create_past_records(con)
    return is_update


def _create_changed(con: duckdb.DuckDBPyConnection) -> None:
    """Tables nct_id, content_hash of what the file to be built does not hold.

    raw_ctgov__trials_changed: the newest content of trials; no hash, no trial. raw_ctgov__versions_changed:
    every content of theirs, those that became or are no more the newest, whose texts lie elsewhere
    (trial_lists), and those that the file holds and no built day lists (`is_gone`).
    """
    con.execute("""
        create or replace table raw.raw_ctgov__trials_changed as
        with current as (
            select nct_id, arg_max(content_hash, snapshot_date) as content_hash
            from raw.raw_ctgov__presence_changes
            where content_hash is not null
            group by nct_id
        )
        select coalesce(current.nct_id, built.nct_id) as nct_id, current.content_hash
        from current
        full outer join built_trials as built on current.nct_id = built.nct_id
        where current.content_hash is distinct from built.content_hash
    """)
    con.execute("""
        create or replace table raw.raw_ctgov__versions_changed as
        with contents as (
            select nct_id, content_hash from raw.raw_ctgov__presence_changes where content_hash is not null
            union
            select nct_id, content_hash from raw.raw_ctgov__past_contents
        ),
        newest as (
            select nct_id, content_hash from raw.raw_ctgov__trials_changed
            union
            select nct_id, content_hash from built_trials
            semi join raw.raw_ctgov__trials_changed as changed using (nct_id)
        )
        select nct_id, content_hash, contents.nct_id is null as is_gone
        from contents
        full outer join built_versions as built using (nct_id, content_hash)
        left join newest using (nct_id, content_hash)
        where contents.nct_id is null or built.nct_id is null or newest.nct_id is not null
    """)


def _create_batches(con: duckdb.DuckDBPyConnection) -> None:
    """Table first_nct_id, last_nct_id: the changed trials parted into batches, which are written one by one.

    Without changed trials one batch of none, so that a new file gets its empty tables.
    """
    con.execute(f"""
        create table raw.raw_ctgov__batches as
        with changed as (
            select nct_id from raw.raw_ctgov__trials_changed
            union
            select nct_id from raw.raw_ctgov__versions_changed
        ),
        placed as (
            select nct_id, (row_number() over (order by nct_id) - 1) // {TRIALS_A_BATCH} as batch from changed
        )
        select min(nct_id) as first_nct_id, max(nct_id) as last_nct_id
        from placed
        group by batch
        union all
        select '', '' where not exists (from changed)
    """)


def _is_small(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether few trials changed, and few of the file's contents: a large backfill is written in batches."""
    counts = [
        con.execute(
            f"select (select count(*) from raw.{changed}), (select count(*) from {built})"
        ).fetchall()[0]
        for changed, built in (
            ("raw_ctgov__trials_changed", "built_trials"),
            ("raw_ctgov__versions_changed", "built_versions"),
        )
    ]
    return all(changed <= built * SHARE_UPDATED_AT_MOST for changed, built in counts)


def _days_of_records(con: duckdb.DuckDBPyConnection) -> list[date]:
    """The days under which the records to be read lie."""
    rows = con.execute("""
        with changed as (
            select nct_id, content_hash from raw.raw_ctgov__trials_changed
            union
            select nct_id, content_hash from raw.raw_ctgov__versions_changed where not is_gone
        )
        select distinct snapshot_date
        from (select nct_id, content_hash, snapshot_date from raw.raw_ctgov__versions)
        semi join changed using (nct_id, content_hash)
        order by snapshot_date
    """).fetchall()
    return [day for (day,) in rows]


def _snapshot_row(manifest: Manifest) -> dict[str, object]:
    row = {name: getattr(manifest, name) for name in SNAPSHOT_TYPES}
    return row | {"landed_at": manifest.landed_at.replace(tzinfo=None)}


def _drift_rows(manifest: Manifest) -> list[dict[str, object]]:
    return [
        {"snapshot_date": manifest.snapshot_date, **msgspec.structs.asdict(each)} for each in manifest.drift
    ]


def _release_rows(settings: Settings, days: list[date]) -> list[dict[str, object]]:
    return [
        {name: getattr(release, name) for name in RELEASE_TYPES}
        | {"released_at": release.released_at.replace(tzinfo=None)}
        for release in all_releases(settings)
        if release.snapshot_date in days
    ]


def _create_table(
    con: duckdb.DuckDBPyConnection, name: str, types: dict[str, str], rows: Iterable[dict[str, object]]
) -> None:
    columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
    con.execute(f"create table raw.{name} ({columns})")
    if listed := list(rows):
        con.register("rows_of_table", pa.Table.from_pylist(listed))
        con.execute(f"insert into raw.{name} by name from rows_of_table")
