"""Schema `raw` of the scratch file: the registry's own past versions, as far as they have landed."""

import duckdb
import pyarrow as pa

from trialhouse.history.store import CHANGES, TRIALS, HistoryStore
from trialhouse.lake import Lake
from trialhouse.presence import no_rows
from trialhouse.record_type import section_types

CONTENT_TYPES = {"nct_id": "VARCHAR", "version_number": "INTEGER", "content_hash": "VARCHAR"}
BATCHES = pa.schema([("batch_folder", pa.string()), ("landed_at", pa.timestamp("us"))])


def create_past_tables(con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """What the batches landed until now tell.

    raw_ctgov__past_changes: each version that the registry lists of a trial, and since when we know of it.
    raw_ctgov__past_contents: those that were read, with the hash of what they say and where they lie.
    """
    store = HistoryStore.of(lake)
    batches = [
        {
            "batch_folder": str(store.batch_folder(number)),
            "landed_at": store.manifest(number).landed_at.replace(tzinfo=None),
        }
        for number in store.batch_numbers()
    ]
    con.register("history_batches", pa.Table.from_pylist(batches, schema=BATCHES))
    con.execute(f"""
        create table raw.raw_ctgov__past_changes as
        with
        trials as ({_rows(con, store, "trials", TRIALS)}),
        changes as ({_rows(con, store, "changes", CHANGES)}),
        -- a later answer that there is no history takes nothing away
        read_last as (
            select nct_id, arg_max(batch_folder, fetched_at) as batch_folder
            from trials
            where versions_count > 0
            group by nct_id
        ),
        known as (
            select changes.nct_id, changes.version_number, min(batches.landed_at) as known_from
            from changes
            inner join history_batches as batches on changes.batch_folder = batches.batch_folder
            group by changes.nct_id, changes.version_number
        )
        select changes.nct_id, changes.version_number, changes.submitted_on, changes.status, known.known_from
        from changes
        semi join read_last using (nct_id, batch_folder)
        inner join known using (nct_id, version_number)
    """)
    con.execute(f"""
        create table raw.raw_ctgov__past_contents as
        select nct_id, version_number, content_hash, batch_folder, batches.landed_at as known_from
        from ({_contents(store)})
        inner join history_batches as batches using (batch_folder)
    """)


def create_past_records(con: duckdb.DuckDBPyConnection) -> None:
    """View raw_ctgov__past_records: the past contents to be written, once each, if no day shows the same."""
    con.execute("""
        create table raw.raw_ctgov__past_contents_changed as
        select nct_id, content_hash, min(struct_pack(version_number, batch_folder)) as place
        from raw.raw_ctgov__past_contents
        semi join raw.raw_ctgov__versions_changed using (nct_id, content_hash)
        anti join raw.raw_ctgov__versions using (nct_id, content_hash)
        group by nct_id, content_hash
    """)
    folders = con.execute(
        "select distinct place.batch_folder from raw.raw_ctgov__past_contents_changed order by all"
    ).fetchall()
    files = [f"{folder}/versions.parquet" for (folder,) in folders]
    rows = (
        f"from {_read(files)}"
        if files
        else no_rows(CONTENT_TYPES | section_types() | {"filename": "VARCHAR"})
    )
    con.execute(f"""
        create view raw.raw_ctgov__past_records as
        select records.* exclude (version_number, filename)
        from ({rows}) as records
        semi join raw.raw_ctgov__past_contents_changed as changed
            on
                records.nct_id = changed.nct_id
                and records.version_number = changed.place.version_number
                and parse_dirpath(records.filename) = changed.place.batch_folder
    """)


def _contents(store: HistoryStore) -> str:
    files = [str(file) for file in store.files("versions.parquet")]
    if not files:
        return no_rows(CONTENT_TYPES | {"batch_folder": "VARCHAR"})
    return f"select {', '.join(CONTENT_TYPES)}, parse_dirpath(filename) as batch_folder from {_read(files)}"


def _rows(con: duckdb.DuckDBPyConnection, store: HistoryStore, name: str, schema: pa.Schema) -> str:
    """SQL: the rows of one file of every landed batch, with the batch's folder; or none."""
    files = [str(file) for file in store.files(f"{name}.parquet")]
    if not files:
        con.register(f"no_{name}", schema.empty_table())
        return f"select *, '' as batch_folder from no_{name}"
    return f"select * exclude (filename), parse_dirpath(filename) as batch_folder from {_read(files)}"


def _read(files: list[str]) -> str:
    return f"read_parquet({files}, union_by_name = true, filename = true)"
