"""Turn the records read for a day into the lake's files. Rows stay in DuckDB and Arrow.

index of what was read ─► new versions ─► raw pages ─► typed versions, every text plain
                     ├──► quarantine (what cannot be loaded, why, and where it lies in raw)
                     ├──► departures (what became of ids that are listed no more)
                     └──► presence (every id of the day, with its content hash) ─► manifest, last
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from trialhouse import __version__
from trialhouse.departures import MERGED, WITHHELD, departures_table
from trialhouse.download import PAGE_SIZE, page_files, read_lines, write_lines
from trialhouse.drift import drifts_of_day, filled_fields
from trialhouse.errors import RegistryChanged
from trialhouse.lake import Drift, Lake, Manifest, remove
from trialhouse.landing_tables import LandingTables
from trialhouse.plain_texts import typed_plain_records
from trialhouse.presence import NCT_ID_PATH, POST_DATE, sweep_names, sweep_select
from trialhouse.reading import Reading
from trialhouse.record_type import section_types
from trialhouse.registry import DataVersion
from trialhouse.typed_loading import REFUSALS, with_refusals

ROW_GROUP_RECORDS = 8192
QUARANTINED_PAGE = "quarantined.jsonl.zst"


def land(tables: LandingTables, reading: Reading, version_after: DataVersion) -> Manifest:
    """Write raw pages, versions, quarantine, departures, presence and, last, the manifest.

    Raises:
        RegistryChanged: a record got lost on the way; nothing of the day is kept.
    """
    tables.lake.clear_unfinished(tables.day)
    try:
        _write_records(tables, reading.record_pages, reading.index)
    except REFUSALS:
        tables.lake.clear_unfinished(tables.day)
        index = with_refusals(
            tables.con, reading.record_pages, reading.index, tables.lake.incoming / "refused"
        )
        _write_records(tables, reading.record_pages, index)
    _write_quarantine(tables, reading.record_pages)
    _write_departures(tables, reading)
    _write_presence(tables, reading.listed)
    manifest = _manifest_of(tables, reading, version_after)
    tables.lake.write_manifest(manifest)
    return manifest


def _write_records(tables: LandingTables, record_pages: list[Path], index: pa.Table) -> None:
    """Raw pages and typed versions of every record whose content is new."""
    tables.con.register("index_of_records", index)
    tables.con.execute("create or replace temp table read_records as from index_of_records")
    tables.con.execute(f"""
        create or replace temp table new_versions as
        select
            nct_id, content_hash, page, line,
            position // {PAGE_SIZE} + 1 as raw_page,
            position % {PAGE_SIZE} + 1 as raw_line
        from (
            select *, row_number() over (order by page, line) - 1 as position
            from read_records anti join known_versions using (nct_id, content_hash)
            where reason is null
        )
    """)
    _write_raw_pages(tables, record_pages)
    _write_versions(tables)


def _write_raw_pages(tables: LandingTables, record_pages: list[Path]) -> None:
    tables.lake.raw_folder(tables.day).mkdir(parents=True)
    places = tables.con.execute("select page, line from new_versions order by page, line").to_arrow_table()
    studies = _studies_at(record_pages, places)
    number = 0
    while chunk := list(islice(studies, PAGE_SIZE)):
        number += 1
        write_lines(raw_page_file(tables.lake, tables.day, number), chunk)


def raw_page_file(lake: Lake, day: date, number: int) -> Path:
    """Where the raw records of a day lie; pages count from 1."""
    return lake.raw_folder(day) / f"page-{number:05d}.jsonl.zst"


def _studies_at(record_pages: list[Path], places: pa.Table) -> Iterator[bytes]:
    """The raw records at `places` (page, line), which come in order."""
    open_page, lines = -1, list[bytes]()
    for page, line in zip(places["page"].to_pylist(), places["line"].to_pylist(), strict=True):
        if page != open_page:
            open_page, lines = page, read_lines(record_pages[page])
        yield lines[line]


def _write_versions(tables: LandingTables) -> None:
    """Parse the raw pages into the typed record; every record must arrive."""
    raw_pages = page_files(tables.lake.raw_folder(tables.day))
    if not raw_pages:
        return
    file = tables.lake.versions_file(tables.day)
    plain_folder = tables.lake.incoming / "plain"
    sections = ", ".join(f'studies."{name}"' for name in section_types())
    _copy_to_parquet(
        tables.con,
        f"""
        select new_versions.* exclude (page, line), {filled_fields()} as filled_fields, {sections}
        from {typed_plain_records(raw_pages, plain_folder)} as studies
        inner join new_versions on studies.{NCT_ID_PATH} = new_versions.nct_id
        order by new_versions.nct_id
        """,
        file,
    )
    remove(plain_folder)
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


def _write_quarantine(tables: LandingTables, record_pages: list[Path]) -> None:
    """Records that cannot be loaded: as they came in one raw file, and a row each with the reason."""
    refused = tables.con.execute(
        "select page, line from read_records where reason is not null order by page, line"
    ).to_arrow_table()
    if not refused.num_rows:
        return
    write_lines(
        tables.lake.raw_folder(tables.day) / QUARANTINED_PAGE, list(_studies_at(record_pages, refused))
    )
    _copy_to_parquet(
        tables.con,
        """
        select nct_id, content_hash, reason, row_number() over (order by page, line) as raw_line
        from read_records where reason is not null
        """,
        tables.lake.quarantine_file(tables.day),
    )


def _write_departures(tables: LandingTables, reading: Reading) -> None:
    if reading.departures:
        tables.con.register("departures", departures_table(reading.departures))
        _copy_to_parquet(tables.con, "from departures", tables.lake.departures_file(tables.day))


def _write_presence(tables: LandingTables, listed: pa.Table) -> None:
    """Every id of the day with its content hash and its sweep columns, which the content decides.

    A record in quarantine keeps the content it had the day before; a new one has none yet.
    """
    _create_present(tables, listed)
    file = tables.lake.presence_file(tables.day)
    _copy_to_parquet(
        tables.con,
        f"""
        select present.*, {sweep_names("described")}
        from present
        left join ({_described_versions(tables)}) as described
            on present.nct_id = described.nct_id and present.content_hash = described.content_hash
        order by present.nct_id
        """,
        file,
    )
    _refuse_lost_rows(tables.con, file, "present")


def _create_present(tables: LandingTables, listed: pa.Table) -> None:
    """Temp table: nct_id, content_hash, and read_on, the day on which that content was last read."""
    tables.con.register("listed", listed)
    tables.con.execute(f"""
        create temp table present as
        with loaded as (select nct_id, content_hash from read_records where reason is null)
        select
            listed.nct_id,
            coalesce(loaded.content_hash, previous.content_hash) as content_hash,
            case
                when loaded.nct_id is null then previous.read_on
                else date '{tables.day}'
            end as read_on
        from listed
        left join loaded on listed.nct_id = loaded.nct_id
        left join previous_presence as previous on listed.nct_id = previous.nct_id
    """)


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
    return Manifest(
        snapshot_date=tables.day,
        data_timestamp=reading.version.data_timestamp,
        data_timestamp_after=version_after.data_timestamp,
        api_version=reading.version.api_version,
        sync_mode=reading.sync_mode,
        total_count=reading.total_count,
        listed_count=reading.listed_count,
        previous_snapshot_date=tables.lake.day_before(tables.day),
        files=tables.lake.sha256_by_path(tables.day),
        landed_at=datetime.now(UTC),
        trialhouse_version=__version__,
        artefact_count=reading.artefact_count,
        unchecked_count=reading.unchecked_count,
        unidentified_count=reading.unidentified_count,
        reread_count=reading.reread.count,
        reread_since=reading.reread.oldest_read_on,
        drift=_drift_of(tables),
        registry_counts=reading.registry_counts,
        **_departure_counts(tables, reading),
        **_record_counts(tables),
    )


def _drift_of(tables: LandingTables) -> list[Drift]:
    versions = tables.lake.versions_file(tables.day)
    return drifts_of_day(tables.con, f"read_parquet('{versions}')" if versions.exists() else None)


def _departure_counts(tables: LandingTables, reading: Reading) -> dict[str, int]:
    types = [each.departure_type for each in reading.departures if each.absent_on == tables.day]
    counted = {"merged_count": MERGED, "withheld_count": WITHHELD}
    return {name: types.count(departure_type) for name, departure_type in counted.items()}


def _record_counts(tables: LandingTables) -> dict[str, int]:
    """Today beside the day before."""
    counts = tables.con.execute(f"""
        with today as (select * from read_parquet('{tables.lake.presence_file(tables.day)}'))
        select
            count(*) as studies_count,
            (select count(*) from read_records) as read_count,
            (select count(*) from read_records where reason is not null) as quarantined_count,
            count(*) filter (known.nct_id is null and previous.nct_id is null) as new_count,
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
    return dict(counts.to_pylist()[0])
