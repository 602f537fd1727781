"""Read one day whole: list every id, read the records that must be read, ask after those that are gone."""

import logging
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa

from trialhouse.contract import ask_descriptions
from trialhouse.departures import ARTEFACT, Departure, inquire, write_found
from trialhouse.download import Progress, download_listing, in_batches, is_begun, page_files
from trialhouse.errors import RegistryChanged, RegistryUnavailable, SnapshotIncomplete
from trialhouse.landing_tables import LandingTables
from trialhouse.pace import Pace
from trialhouse.presence import SWEEP_QUESTION
from trialhouse.raw_verdicts import held_days
from trialhouse.reading import (
    Reading,
    first_of_each,
    ids_of,
    index_records,
    listing_of,
    require_distinct_ids,
    unidentified_count,
    with_found,
)
from trialhouse.registry import DataVersion, FieldCounts, Registry
from trialhouse.room import estimate_full_reading, require_room
from trialhouse.settings import Settings
from trialhouse.sweep import load_sweep, records_to_read

log = logging.getLogger(__name__)

IDS_PER_REQUEST = 200
# Batches answer a few ids under the record they were merged into; more is a filter that no longer filters.
MOST_UNDELIVERED = 20


def read_day(settings: Settings, tables: LandingTables, registry: Registry, version: DataVersion) -> Reading:
    """Full read on an empty lake or where the settings say so; else sweep, then read what it names.

    Raises:
        SnapshotIncomplete: rows, ids or tokens do not add up.
        DiskFull: too little room for a full reading; nothing was read.
    """
    if settings.sync_mode == "full" or not tables.has_previous_day:
        return _read_everything(settings, tables, registry, version)
    return _sweep_and_read(settings, tables, registry, version)


# ---------- every record


def _read_everything(
    settings: Settings, tables: LandingTables, registry: Registry, version: DataVersion
) -> Reading:
    incoming = tables.lake.incoming_folder(tables.day)
    if not tables.has_previous_day and not is_begun(incoming / "records"):
        _tell_and_require_room(settings, registry)
    listing = download_listing(registry, {}, version.data_timestamp, incoming / "records")
    total = _require_whole(listing)
    pages = page_files(incoming / "records")
    index = index_records(pages)
    require_distinct_ids(index)
    listed = ids_of(index)
    inquiry = inquire(registry, tables.expected_ids() - listed, tables.day)
    found = write_found(inquiry.found, incoming / "found")
    return Reading(
        version=version,
        sync_mode="full",
        total_count=total,
        listed_count=listing.studies,
        listed=listing_of(listed | inquiry.kept),
        record_pages=[*pages, *found],
        lines_count=len(index) + len(inquiry.found),
        index=with_found(index, pages, inquiry.found, found),
        departures=inquiry.departures + _departures_of_the_next_day(settings, tables, listed),
        artefact_count=_artefact_count(inquiry.found.keys(), index),
        unchecked_count=len(inquiry.unchecked),
        unidentified_count=unidentified_count(index),
        registry_counts=_registry_counts(registry),
        descriptions=ask_descriptions(registry),
    )


def _tell_and_require_room(settings: Settings, registry: Registry) -> None:
    """Before a first load: how long it takes, how much disk it needs, and no start without that."""
    records = registry.studies({"pageSize": "1", "countTotal": "true", "fields": "NCTId"}).total_count or 0
    estimate = estimate_full_reading(records, settings.seconds_between_requests)
    log.info("first load of %s", estimate)
    require_room(settings.home, estimate.disk_bytes)


# ---------- sweep and what it names


def _sweep_and_read(
    settings: Settings, tables: LandingTables, registry: Registry, version: DataVersion
) -> Reading:
    incoming = tables.lake.incoming_folder(tables.day)
    sweep = download_listing(registry, SWEEP_QUESTION, version.data_timestamp, incoming / "sweep")
    total = _require_whole(sweep)
    sweep_index = load_sweep(tables.con, page_files(incoming / "sweep"), incoming / "loadable")
    swept = ids_of(sweep_index)
    to_read = records_to_read(tables.con, tables.day, held_days(settings))
    pages = _read_by_id(registry, to_read.nct_ids, version, incoming)
    index = index_records(pages)
    undelivered = _undelivered(set(to_read.nct_ids), index, swept)
    inquiry = inquire(registry, (tables.expected_ids() - swept) | undelivered, tables.day)
    gone = {departure.nct_id for departure in inquiry.departures}
    found = write_found(inquiry.found, incoming / "found")
    whole_index = with_found(index, pages, inquiry.found, found)
    return Reading(
        version=version,
        sync_mode="sweep",
        total_count=total,
        listed_count=sweep.studies,
        listed=listing_of((swept | inquiry.kept) - gone),
        record_pages=[*pages, *found],
        lines_count=len(index) + len(inquiry.found),
        index=first_of_each(tables.con, whole_index),
        departures=inquiry.departures + _departures_of_the_next_day(settings, tables, swept - gone),
        artefact_count=_artefact_count(inquiry.found.keys() - swept, sweep_index),
        unchecked_count=len(inquiry.unchecked),
        unidentified_count=unidentified_count(sweep_index),
        reread=to_read.reread,
        registry_counts=_registry_counts(registry),
        descriptions=ask_descriptions(registry),
    )


def _read_by_id(registry: Registry, nct_ids: list[str], version: DataVersion, incoming: Path) -> list[Path]:
    batches = list(in_batches(nct_ids, IDS_PER_REQUEST))
    log.info("reading records=%d requests=%d", len(nct_ids), len(batches))
    pages: list[Path] = []
    for number, batch in enumerate(batches, start=1):
        folder = incoming / f"records-{number:05d}"
        download_listing(registry, {"filter.ids": ",".join(batch)}, version.data_timestamp, folder)
        pages += page_files(folder)
    return pages


def _undelivered(asked: set[str], index: pa.Table, swept: set[str]) -> set[str]:
    """Ids asked for that did not come: an alias comes under the id of the record it is now part of."""
    delivered = ids_of(index)
    undelivered = asked - delivered
    strangers = delivered - swept
    if strangers or len(undelivered) - unidentified_count(index) > MOST_UNDELIVERED:
        raise SnapshotIncomplete(
            f"of {len(asked)} records asked for by id {len(undelivered)} did not come"
            f" and {len(strangers)} came that are not listed: {sorted(undelivered | strangers)[:5]}"
        )
    return undelivered


# ---------- both


def _require_whole(listing: Progress) -> int:
    """The registry's own count, which the rows read must equal."""
    if listing.total_count != listing.studies:
        raise SnapshotIncomplete(f"read {listing.studies} rows of {listing.total_count} the registry counts")
    return listing.studies


def _artefact_count(found: Collection[str], listing: pa.Table) -> int:
    """Records the listing left out; as many as it has rows without a readable id were only not named."""
    return max(0, len(found) - unidentified_count(listing))


def _departures_of_the_next_day(
    settings: Settings, tables: LandingTables, nct_ids: set[str]
) -> list[Departure]:
    """A day that lands late has ids that the next landed day lacks and nobody yet asked about."""
    next_day = tables.lake.day_after(tables.day)
    if next_day is None or not settings.registry_can_replay:
        return []
    suspects = nct_ids - tables.ids_settled_on(next_day)
    if not suspects:
        return []
    pace = Pace(tables.lake.pace_file, settings.seconds_between_requests)
    with Registry(settings.registry_url_of(next_day), pace) as registry:
        inquiry = inquire(registry, suspects, next_day)
    return inquiry.departures + [Departure(nct_id, next_day, ARTEFACT) for nct_id in inquiry.kept]


def _registry_counts(registry: Registry) -> list[FieldCounts]:
    """The registry's statistics of this data version, to compare ours with; a registry need not have any."""
    try:
        return registry.value_counts()
    except (RegistryChanged, RegistryUnavailable) as error:
        log.warning("no statistics to compare with: %s", error)
        return []
