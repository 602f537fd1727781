"""Bring one day of the registry into the lake: read it, prove the reading whole, land it."""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

from trialhouse.day_reading import read_day
from trialhouse.duckdb_session import working_connection
from trialhouse.errors import DayNotServed, RegistryChanged, SnapshotIncomplete, SnapshotMissed
from trialhouse.keeping import fetch_lake
from trialhouse.lake import Lake, Manifest, remove
from trialhouse.landing import land
from trialhouse.landing_tables import LandingTables
from trialhouse.pace import Pace
from trialhouse.raw_verdicts import held_days
from trialhouse.registry import DataVersion, Registry
from trialhouse.room import shortage_is_told
from trialhouse.settings import Settings

log = logging.getLogger(__name__)

WHOLE_READ_TRIES = 3
# No registry publishes tomorrow's data; a stamp ahead of our clock would make every true day look old.
MOST_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did; `landed` is False when the lake had the registry's day already."""

    snapshot_date: date
    landed: bool
    studies: int
    new: int
    returned: int
    changed: int
    silent_changed: int
    vanished: int
    quarantined: int


def sync_day(settings: Settings, snapshot_date: date | None) -> SyncReport:
    """Land the registry's state of `snapshot_date` (`None`: whatever a live registry serves now).

    The report's day is the registry's own: a live one that has not reached the day asked for is landed as
    what it is, if the lake does not have that yet.

    Raises:
        SnapshotMissed: the registry has moved past the day asked for.
        DayNotServed: a registry that replays days has not this one.
        SnapshotIncomplete: no whole reading in the tries allowed; the lake is as it was.
        DiskFull, MemoryFull: there is no room for the reading; the lake is as it was.
        RegistryUnavailable, RegistryChanged: see errors.py; the lake is as it was.
        StoreUnavailable: this machine has no lake, and the store does not answer whether it keeps one.
    """
    lake = Lake(settings.lake)
    if settings.object_store and not lake.days():
        fetch_lake(settings)
    url = settings.registry_url_of(snapshot_date)
    with (
        shortage_is_told(settings.home),
        lake.writer_lock(),
        Registry(url, Pace(lake.pace_file, settings.seconds_between_requests)) as registry,
    ):
        version = _version_of(registry, settings, snapshot_date)
        lake.claim(settings.registry_name)
        return _sync_version(settings, lake, registry, version, snapshot_date)


def _version_of(registry: Registry, settings: Settings, wanted: date | None) -> DataVersion:
    try:
        return registry.version()
    except RegistryChanged as error:
        if settings.registry_can_replay and error.status == HTTPStatus.NOT_FOUND:
            raise DayNotServed(f"{settings.registry_name} has no day {wanted}") from error
        raise


def _sync_version(
    settings: Settings, lake: Lake, registry: Registry, version: DataVersion, wanted: date | None
) -> SyncReport:
    _refuse_wrong_day(settings, lake, version, wanted)
    if lake.has(version.snapshot_date):
        log.info("nothing to land wanted=%s registry=%s", wanted, version.data_timestamp)
        return _report(lake.manifest(version.snapshot_date), False)
    return _report(_land_whole_reading(settings, lake, registry, version, wanted), True)


def _refuse_wrong_day(settings: Settings, lake: Lake, version: DataVersion, wanted: date | None) -> None:
    """A registry that lags behind the day asked for is landed under its own date; one ahead of it is not."""
    if wanted is not None and version.snapshot_date > wanted:
        raise SnapshotMissed(
            f"the registry serves {version.snapshot_date} and has no past: {wanted} stays missing"
        )
    if settings.registry_can_replay:
        if version.snapshot_date != wanted:
            raise SnapshotIncomplete(f"asked for {wanted}, the registry serves {version.snapshot_date}")
        return
    newest = max((lake.manifest(day).data_timestamp for day in lake.days()[-1:]), default=None)
    if newest and version.data_timestamp < newest:
        raise SnapshotIncomplete(
            f"the registry serves {version.data_timestamp}, an old copy: {newest} has landed already"
        )
    if version.data_timestamp > datetime.now(UTC).replace(tzinfo=None) + MOST_AHEAD:
        raise RegistryChanged(
            f"the registry says its data is of {version.data_timestamp}, which is yet to come: "
            "a person must compare the clock of this machine with the registry's"
        )


def _report(manifest: Manifest, landed: bool) -> SyncReport:
    return SyncReport(
        snapshot_date=manifest.snapshot_date,
        landed=landed,
        studies=manifest.studies_count,
        new=manifest.new_count,
        returned=manifest.returned_count,
        changed=manifest.changed_count,
        silent_changed=manifest.silent_changed_count,
        vanished=manifest.vanished_count,
        quarantined=manifest.quarantined_count,
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
            lake.set_aside_incoming(trouble)
            version = registry.version()
            _refuse_wrong_day(settings, lake, version, wanted)
        except RegistryChanged as error:
            lake.keep_for_inspection(str(error), error.answer)
            raise
    raise SnapshotIncomplete(
        f"none of {WHOLE_READ_TRIES} readings was whole, the last because {trouble}; "
        f"they lie in {lake.rejected}; the next run tries again, a person looks if that fails too"
    )


def _land_one_reading(settings: Settings, lake: Lake, registry: Registry, before: DataVersion) -> Manifest:
    day = before.snapshot_date
    with working_connection(settings.spill_folder) as con:
        tables = LandingTables(lake, day, con, held_days(settings))
        reading = read_day(settings, tables, registry, before)
        after = registry.version()
        if after != before:
            raise SnapshotIncomplete(
                f"the registry moved from {before.data_timestamp} to {after.data_timestamp} meanwhile"
            )
        try:
            manifest = land(tables, reading, after)
        except BaseException:
            if not lake.has(day):
                lake.clear_unfinished(day)
            raise
    remove(lake.incoming)
    log.info("landed snapshot_date=%s studies=%d", manifest.snapshot_date, manifest.studies_count)
    return manifest
