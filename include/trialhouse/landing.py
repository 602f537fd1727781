"""Turn the records read for a day into the lake's files. Rows stay in DuckDB and Arrow.

index of what was read ─► new versions ─► raw pages ─► typed versions, every text plain
                     ├──► quarantine (what cannot be loaded, why, and where it lies in raw)
                     ├──► departures (what became of ids that are listed no more)
                     └──► presence (every id of the day and its version; what of it changed) ─► manifest, last
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import pyarrow as pa

from trialhouse import __version__
from trialhouse.contract import keep_descriptions
from trialhouse.departures import MERGED, WITHHELD, departures_table
from trialhouse.download import PAGE_SIZE, page_files, read_lines, write_lines
from trialhouse.drift import drifts_of_day
from trialhouse.lake import Lake, Manifest, remove
from trialhouse.landing_presence import record_counts, write_presence
from trialhouse.landing_tables import LandingTables
from trialhouse.parquet_files import copy_to_parquet, refuse_lost_rows
from trialhouse.plain_texts import typed_plain_records
from trialhouse.presence import NCT_ID_PATH
from trialhouse.reading import Reading
from trialhouse.record_type import section_types
from trialhouse.registry import DataVersion
from trialhouse.typed_loading import REFUSALS, with_refusals

QUARANTINED_PAGE = "quarantined.jsonl.zst"


def land(tables: LandingTables, reading: Reading, version_after: DataVersion) -> Manifest:
    """Write raw pages, versions, quarantine, departures, presence and, last, the manifest.

    Raises:
        RegistryChanged: a record got lost on the way; nothing of the day is kept.
    """
    tables.lake.clear_unfinished(tables.day)
    try:
        _write_records(tables, reading, reading.index)
    except REFUSALS:
        tables.lake.clear_unfinished(tables.day)
        index = with_refusals(
            tables.con, reading.record_pages, reading.index, tables.lake.incoming / "refused"
        )
        _write_records(tables, reading, index)
    _write_quarantine(tables, reading.record_pages)
    _write_departures(tables, reading)
    write_presence(tables, reading.listed)
    manifest = _manifest_of(tables, reading, version_after)
    tables.lake.write_manifest(manifest)
    return manifest


def _write_records(tables: LandingTables, reading: Reading, index: pa.Table) -> None:
    """Raw pages and typed versions of every record whose content is new."""
    tables.con.register("index_of_records", index)
    tables.con.execute("create or replace temp table read_records as from index_of_records")
    tables.con.execute(f"""
        create or replace temp table new_versions as
        select
            nct_id, content_hash, page, line, is_plain,
            position // {PAGE_SIZE} + 1 as raw_page,
            position % {PAGE_SIZE} + 1 as raw_line
        from (
            select *, row_number() over (order by page, line) - 1 as position
            from read_records anti join known_versions using (nct_id, content_hash)
            where reason is null
        )
    """)
    tables.lake.raw_folder(tables.day).mkdir(parents=True)
    if _new_versions_count(tables) == reading.lines_count:
        _keep_raw_pages(tables, reading.record_pages)
    else:
        _write_raw_pages(tables, reading.record_pages)
    _write_versions(tables)


def _new_versions_count(tables: LandingTables) -> int:
    return int(tables.con.execute("select count(*) from new_versions").fetchall()[0][0])


def _keep_raw_pages(tables: LandingTables, record_pages: list[Path]) -> None:
    """Every line is a new version: the pages stay as they were written when they came."""
    tables.con.execute("update new_versions set raw_page = page + 1, raw_line = line + 1")
    for number, page in enumerate(record_pages, start=1):
        os.link(page, raw_page_file(tables.lake, tables.day, number))


def _write_raw_pages(tables: LandingTables, record_pages: list[Path]) -> None:
    """The lines of new versions, packed."""
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
    """Parse the raw pages into the typed record, sorted by id; every record must arrive."""
    raw_pages = page_files(tables.lake.raw_folder(tables.day))
    if not raw_pages:
        return
    file = tables.lake.versions_file(tables.day)
    plain_folder = tables.lake.incoming / "plain"
    sections = ", ".join(f'studies."{name}"' for name in section_types())
    order = "" if _are_pages_sorted(tables) else "order by new_versions.nct_id"
    copy_to_parquet(
        tables.con,
        f"""
        select new_versions.* exclude (page, line, is_plain), {sections}
        from {typed_plain_records(raw_pages, plain_folder, _lines_not_plain(tables))} as studies
        inner join new_versions on studies.{NCT_ID_PATH} = new_versions.nct_id
        {order}
        """,
        file,
    )
    remove(plain_folder)
    refuse_lost_rows(tables.con, file, "new_versions")


def _are_pages_sorted(tables: LandingTables) -> bool:
    """Whether a sort, which holds every record of the day at once, would change nothing."""
    misplaced = """
        select count(*) from (
            select nct_id < lag(nct_id) over (order by raw_page, raw_line) as is_misplaced from new_versions
        ) where is_misplaced
    """
    return tables.con.execute(misplaced).fetchall() == [(0,)]


def _lines_not_plain(tables: LandingTables) -> dict[Path, list[int]]:
    """Raw page: lines from 0 whose texts must be made plain."""
    rows = tables.con.execute("""
        select raw_page, list(raw_line - 1 order by raw_line)
        from new_versions where not is_plain group by raw_page order by raw_page
    """).fetchall()
    return {raw_page_file(tables.lake, tables.day, page): lines for page, lines in rows}


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
    copy_to_parquet(
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
        copy_to_parquet(tables.con, "from departures", tables.lake.departures_file(tables.day))


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
        drift=drifts_of_day(tables.con),
        registry_counts=reading.registry_counts,
        descriptions=keep_descriptions(tables.lake, reading.descriptions),
        **_departure_counts(tables, reading),
        **record_counts(tables),
    )


def _departure_counts(tables: LandingTables, reading: Reading) -> dict[str, int]:
    types = [each.departure_type for each in reading.departures if each.absent_on == tables.day]
    counted = {"merged_count": MERGED, "withheld_count": WITHHELD}
    return {name: types.count(departure_type) for name, departure_type in counted.items()}
