"""Turn the records read for a day into the lake's files. Rows stay in DuckDB and Arrow.

index of what was read ─► new versions ─► raw pages ─► typed versions
                     └──► presence (every id listed, with its content hash) ─► manifest, last
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from trialhouse import __version__
from trialhouse.download import PAGE_SIZE, read_lines, write_lines
from trialhouse.errors import RegistryChanged, SnapshotIncomplete
from trialhouse.lake import Lake, Manifest
from trialhouse.presence import NCT_ID_PATH, POST_DATE, sweep_names, sweep_select, sweep_types
from trialhouse.record_type import section_types, typed_records
from trialhouse.records import identify_record
from trialhouse.registry import DataVersion

ROW_GROUP_RECORDS = 8192

INDEX_SCHEMA = pa.schema(
    [("nct_id", pa.string()), ("content_hash", pa.string()), ("page", pa.int32()), ("line", pa.int32())]
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One whole state of the registry, as read.

    total_count: the registry's own count. record_pages: files of full records, one a line.
    index: nct_id, content_hash, page, line of each. listing: SQL of every listed `nct_id`, or `None` after a
    full read, where the records are the listing.
    """

    version: DataVersion
    sync_mode: str
    total_count: int
    record_pages: list[Path]
    index: pa.Table
    listing: str | None


class LandingTables:
    """What the lake knew before this day, as views of one connection."""

    def __init__(self, lake: Lake, day: date, con: duckdb.DuckDBPyConnection) -> None:
        self.lake = lake
        self.day = day
        self.con = con
        before = lake.day_before(day)
        keys = {"nct_id": "VARCHAR", "content_hash": "VARCHAR"}
        self.has_previous_day = before is not None
        self._define("known_versions", lake.versions_files(lake.days()), keys | section_types())
        previous_files = [lake.presence_file(before)] if before else []
        self._define("previous_presence", previous_files, keys | {"read_on": "DATE"} | sweep_types())

    def _define(self, view: str, files: list[Path], columns: dict[str, str]) -> None:
        """A view over Parquet files, or an empty one of the same columns where there are none yet."""
        if files:
            source = f"read_parquet({[str(file) for file in files]}, union_by_name = true)"
            self.con.execute(f"create temp view {view} as select * from {source}")
            return
        empty = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in columns.items())
        self.con.execute(f"create temp view {view} as select {empty} limit 0")


def index_records(record_pages: list[Path]) -> pa.Table:
    """One row a record read: nct_id, content_hash, page and line (both from 0).

    Raises:
        SnapshotIncomplete: an id came twice.
    """
    batches = [_index_page(number, file) for number, file in enumerate(record_pages)]
    index = pa.Table.from_batches(batches, schema=INDEX_SCHEMA)
    if index.num_rows != len(index["nct_id"].unique()):
        raise SnapshotIncomplete("the registry gave one id twice in one listing")
    return index


def _index_page(number: int, file: Path) -> pa.RecordBatch:
    identities = [identify_record(study) for study in read_lines(file)]
    return pa.RecordBatch.from_pydict(
        {
            "nct_id": [identity.nct_id for identity in identities],
            "content_hash": [identity.content_hash for identity in identities],
            "page": [number] * len(identities),
            "line": list(range(len(identities))),
        },
        schema=INDEX_SCHEMA,
    )


def land(tables: LandingTables, reading: Reading, version_after: DataVersion) -> Manifest:
    """Write raw pages, versions, presence and, last, the manifest.

    Raises:
        RegistryChanged: a record does not fit the typed record; nothing of the day is kept.
    """
    tables.lake.clear_unfinished(tables.day)
    tables.con.register("read_records", reading.index)
    tables.con.execute(f"""
        create temp table new_versions as
        select
            nct_id, content_hash, page, line,
            position // {PAGE_SIZE} + 1 as raw_page,
            position % {PAGE_SIZE} + 1 as raw_line
        from (
            select *, row_number() over (order by page, line) - 1 as position
            from read_records anti join known_versions using (nct_id, content_hash)
        )
    """)
    _write_raw_pages(tables, reading.record_pages)
    _write_versions(tables)
    _write_presence(tables, reading.listing or "select nct_id from read_records")
    manifest = _manifest_of(tables, reading, version_after)
    tables.lake.write_manifest(manifest)
    return manifest


def _write_raw_pages(tables: LandingTables, record_pages: list[Path]) -> None:
    folder = tables.lake.raw_folder(tables.day)
    folder.mkdir(parents=True)
    places = tables.con.execute("select page, line from new_versions order by page, line").to_arrow_table()
    studies = _studies_at(record_pages, places)
    number = 0
    while chunk := list(islice(studies, PAGE_SIZE)):
        number += 1
        write_lines(folder / f"page-{number:05d}.jsonl.zst", chunk)


def _studies_at(record_pages: list[Path], places: pa.Table) -> Iterator[bytes]:
    """The raw records at `places` (page, line), which come in order."""
    open_page, lines = -1, list[bytes]()
    for page, line in zip(places["page"].to_pylist(), places["line"].to_pylist(), strict=True):
        if page != open_page:
            open_page, lines = page, read_lines(record_pages[page])
        yield lines[line]


def _write_versions(tables: LandingTables) -> None:
    """Parse the raw pages into the typed record; every record must arrive."""
    raw_pages = sorted(tables.lake.raw_folder(tables.day).glob("*.jsonl.zst"))
    if not raw_pages:
        return
    file = tables.lake.versions_file(tables.day)
    sections = ", ".join(f'studies."{name}"' for name in section_types())
    try:
        _copy_to_parquet(
            tables.con,
            f"""
            select new_versions.* exclude (page, line), {sections}
            from {typed_records(raw_pages)} as studies
            inner join new_versions on studies.{NCT_ID_PATH} = new_versions.nct_id
            order by new_versions.nct_id
            """,
            file,
        )
    except duckdb.InvalidInputException as error:
        raise RegistryChanged(f"a record does not fit the typed record: {error}") from error
    _refuse_lost_rows(tables.con, file, "new_versions")


def _copy_to_parquet(con: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    con.execute(
        f"copy ({query}) to '{file}' (format parquet, compression zstd, row_group_size {ROW_GROUP_RECORDS})"
    )


def _refuse_lost_rows(con: duckdb.DuckDBPyConnection, written: Path, expected: str) -> None:
    counts = con.execute(
        f"select (select count(*) from read_parquet('{written}')), (select count(*) from {expected})"
    ).fetchone()
    if counts is None or counts[0] != counts[1]:
        raise RegistryChanged(f"{written.name}: rows written and rows expected differ: {counts}")


def _write_presence(tables: LandingTables, listing: str) -> None:
    """Every id of the day with its content hash and its sweep columns, which the content decides."""
    tables.con.execute(f"""
        create temp table present as
        select
            listed.nct_id,
            coalesce(read_records.content_hash, previous.content_hash) as content_hash,
            case
                when read_records.nct_id is null then previous.read_on
                else date '{tables.day}'
            end as read_on
        from ({listing}) as listed
        left join read_records on listed.nct_id = read_records.nct_id
        left join previous_presence as previous on listed.nct_id = previous.nct_id
    """)
    file = tables.lake.presence_file(tables.day)
    _copy_to_parquet(
        tables.con,
        f"""
        select present.*, {sweep_names("described")}
        from present
        inner join ({_described_versions(tables)}) as described
            on present.nct_id = described.nct_id and present.content_hash = described.content_hash
        order by present.nct_id
        """,
        file,
    )
    _refuse_lost_rows(tables.con, file, "present")


def _described_versions(tables: LandingTables) -> str:
    """SQL: sweep columns by version, for today's versions, the last presence and content that came back."""
    columns = f"nct_id, content_hash, {sweep_select()}"
    parts = [
        f"select nct_id, content_hash, {sweep_names('previous_presence')} from previous_presence",
        f"""
        select {columns} from known_versions
        semi join (
            from present
            anti join previous_presence using (nct_id, content_hash)
            anti join new_versions using (nct_id, content_hash)
        ) as came_back using (nct_id, content_hash)
        """,
    ]
    versions = tables.lake.versions_file(tables.day)
    if versions.exists():
        parts.append(f"select {columns} from read_parquet('{versions}')")
    return " union all ".join(parts)


def _manifest_of(tables: LandingTables, reading: Reading, version_after: DataVersion) -> Manifest:
    counts = tables.con.execute(f"""
        with today as (select * from read_parquet('{tables.lake.presence_file(tables.day)}'))
        select
            count(*) as studies_count,
            (select count(*) from read_records) as read_count,
            count(*) filter (known.nct_id is null) as new_count,
            count(*) filter (previous.nct_id is null and known.nct_id is not null) as returned_count,
            count(*) filter (previous.content_hash <> today.content_hash) as changed_count,
            count(*) filter (
                previous.content_hash <> today.content_hash and previous.{POST_DATE} = today.{POST_DATE}
            ) as silent_changed_count,
            (select count(*) from previous_presence anti join today using (nct_id)) as vanished_count
        from today
        left join previous_presence as previous on today.nct_id = previous.nct_id
        left join (select distinct nct_id from known_versions) as known on today.nct_id = known.nct_id
    """).to_arrow_table()
    return Manifest(
        snapshot_date=tables.day,
        data_timestamp=reading.version.data_timestamp,
        data_timestamp_after=version_after.data_timestamp,
        api_version=reading.version.api_version,
        sync_mode=reading.sync_mode,
        total_count=reading.total_count,
        previous_snapshot_date=tables.lake.day_before(tables.day),
        files=tables.lake.sha256_by_path(tables.day),
        landed_at=datetime.now(UTC),
        trialhouse_version=__version__,
        **counts.to_pylist()[0],
    )
