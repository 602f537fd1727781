"""Bring one day of the registry into the lake: decide what to read, read it, prove it whole, land it."""

import logging
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from trialhouse.download import Progress, download_listing, in_batches, page_files
from trialhouse.duckdb_session import working_connection
from trialhouse.errors import SnapshotIncomplete, SnapshotMissed
from trialhouse.lake import Lake, Manifest, remove
from trialhouse.landing import LandingTables, Reading, index_records, land
from trialhouse.presence import SWEEP_QUESTION, any_sweep_column_differs, swept_rows
from trialhouse.registry import DataVersion, Registry
from trialhouse.settings import Settings

log = logging.getLogger(__name__)

WHOLE_READ_TRIES = 3
IDS_PER_REQUEST = 200
# Every record is read again within 30 days; the registry publishes on 20 or so of them, fewer with holidays.
PUBLISHING_DAYS_PER_REREAD = 18


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did; `landed` is False when the lake had the registry's day already."""

    snapshot_date: date
    landed: bool
    studies: int
    new: int
    returned: int
    changed: int
    vanished: int


def sync_day(settings: Settings, snapshot_date: date | None) -> SyncReport:
    """Land the registry's state of `snapshot_date` (`None`: whatever a live registry serves now).

    The report's day is the registry's own: a live one that has not reached the day asked for is landed as
    what it is, if the lake does not have that yet.

    Raises:
        SnapshotMissed: the registry has moved past the day asked for.
        SnapshotIncomplete: no whole reading in the tries allowed; the lake is as it was.
        RegistryUnavailable, RegistryChanged: see errors.py; the lake is as it was.
    """
    lake = Lake(settings.lake)
    url = settings.registry_url_of(snapshot_date)
    with lake.writer_lock(), Registry(url, settings.seconds_between_requests) as registry:
        version = registry.version()
        lake.claim(settings.registry_name)
        _refuse_missed_day(version, snapshot_date)
        if lake.has(version.snapshot_date):
            log.info("nothing to land wanted=%s registry=%s", snapshot_date, version.data_timestamp)
            return _report(lake.manifest(version.snapshot_date), False)
        return _report(_land_whole_reading(settings, lake, registry, version, snapshot_date), True)


def _refuse_missed_day(version: DataVersion, wanted: date | None) -> None:
    """A registry that lags behind the day asked for is landed under its own date; one ahead of it is not."""
    if wanted is not None and version.snapshot_date > wanted:
        raise SnapshotMissed(
            f"the registry serves {version.snapshot_date} and has no past: {wanted} stays missing"
        )


def _report(manifest: Manifest, landed: bool) -> SyncReport:
    return SyncReport(
        snapshot_date=manifest.snapshot_date,
        landed=landed,
        studies=manifest.studies_count,
        new=manifest.new_count,
        returned=manifest.returned_count,
        changed=manifest.changed_count,
        vanished=manifest.vanished_count,
    )


def _land_whole_reading(
    settings: Settings, lake: Lake, registry: Registry, version: DataVersion, wanted: date | None
) -> Manifest:
    """Read until a reading is whole and the registry stood still meanwhile, then land it."""
    trouble = ""
    for attempt in range(1, WHOLE_READ_TRIES + 1):
        try:
            return _land_one_reading(settings, lake, registry, version)
        except SnapshotIncomplete as error:
            trouble = str(error)
            log.warning("reading thrown away try=%d reason=%s", attempt, trouble)
            remove(lake.incoming)
            version = registry.version()
            _refuse_missed_day(version, wanted)
    raise SnapshotIncomplete(f"none of {WHOLE_READ_TRIES} readings was whole, the last because {trouble}")


def _land_one_reading(settings: Settings, lake: Lake, registry: Registry, before: DataVersion) -> Manifest:
    with working_connection(settings.spill_folder) as con:
        tables = LandingTables(lake, before.snapshot_date, con)
        reading = _read_day(settings, tables, registry, before, lake.incoming_folder(before.snapshot_date))
        after = registry.version()
        if after != before:
            raise SnapshotIncomplete(
                f"the registry moved from {before.data_timestamp} to {after.data_timestamp} meanwhile"
            )
        manifest = land(tables, reading, after)
    remove(lake.incoming)
    log.info("landed snapshot_date=%s studies=%d", manifest.snapshot_date, manifest.studies_count)
    return manifest


def _read_day(
    settings: Settings, tables: LandingTables, registry: Registry, before: DataVersion, incoming: Path
) -> Reading:
    """Full read on an empty lake or where the settings say so; else sweep, then read what it names."""
    if settings.sync_mode == "full" or not tables.has_previous_day:
        records = download_listing(registry, {}, before.data_timestamp, incoming / "records")
        pages = page_files(incoming / "records")
        total = _require_whole(records)
        return Reading(before, "full", total, pages, index_records(pages), listing=None)
    swept = download_listing(registry, SWEEP_QUESTION, before.data_timestamp, incoming / "sweep")
    total = _require_whole(swept)
    listing = swept_rows(page_files(incoming / "sweep"))
    tables.con.execute(f"create or replace temp table swept as {listing}")
    _require_distinct_ids(tables.con)
    wanted = _ids_to_read(tables.con)
    pages = _read_records(registry, wanted, before, incoming)
    index = index_records(pages)
    missing = set(wanted).symmetric_difference(index["nct_id"].to_pylist())
    if missing:
        raise SnapshotIncomplete(
            f"{len(missing)} records asked for by id came not or unasked: {sorted(missing)[:5]}"
        )
    return Reading(before, "sweep", total, pages, index, listing="select nct_id from swept")


def _require_whole(listing: Progress) -> int:
    """The registry's own count, which the rows read must equal."""
    if listing.total_count != listing.studies:
        raise SnapshotIncomplete(f"read {listing.studies} rows of {listing.total_count} the registry counts")
    return listing.studies


def _require_distinct_ids(con: duckdb.DuckDBPyConnection) -> None:
    counts = con.execute(
        "select count(*) - count(distinct nct_id), "
        "count_if(not regexp_full_match(nct_id, 'NCT[0-9]{8}')) from swept"
    ).fetchone()
    if counts != (0, 0):
        raise SnapshotIncomplete(f"the sweep holds (repeated or null, malformed) ids: {counts}")


def _ids_to_read(con: duckdb.DuckDBPyConnection) -> list[str]:
    """New ids, ids listed differently from the last presence, and the slice that was not read for longest."""
    rows = con.execute(f"""
        with listed as (
            select
                swept.nct_id,
                previous.read_on,
                previous.nct_id is null or {any_sweep_column_differs("swept", "previous")} as is_changed
            from swept
            left join previous_presence as previous on swept.nct_id = previous.nct_id
        ),
        slice as (
            select nct_id from listed where not is_changed order by read_on, nct_id
            limit (select ceil(count(*) / {PUBLISHING_DAYS_PER_REREAD})::bigint from listed)
        )
        select nct_id from listed where is_changed
        union
        select nct_id from slice
        order by nct_id
    """).to_arrow_table()
    ids: list[str] = rows["nct_id"].to_pylist()
    return ids


def _read_records(registry: Registry, nct_ids: list[str], before: DataVersion, incoming: Path) -> list[Path]:
    batches = list(in_batches(nct_ids, IDS_PER_REQUEST))
    log.info("reading records=%d requests=%d", len(nct_ids), len(batches))
    pages: list[Path] = []
    for number, batch in enumerate(batches, start=1):
        folder = incoming / f"records-{number:05d}"
        download_listing(registry, {"filter.ids": ",".join(batch)}, before.data_timestamp, folder)
        pages += page_files(folder)
    return pages
