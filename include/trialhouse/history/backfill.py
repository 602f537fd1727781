"""Read past versions into the lake, trial by trial, giving way to the daily sync."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from trialhouse.duckdb_session import working_connection
from trialhouse.errors import RegistryChanged, SettingsInvalid
from trialhouse.history.answers import IndexUnreadable, read_index
from trialhouse.history.asking import Asker
from trialhouse.history.batch import land_batch
from trialhouse.history.incoming import IncomingTrial, begun_trials, fetch_trial
from trialhouse.history.queue import HistoryWish, QueuedTrial, queue_trials
from trialhouse.history.store import BatchManifest, HistoryStore, define_landed_tables
from trialhouse.lake import Lake, exclusive, remove
from trialhouse.pace import Pace
from trialhouse.records import NCT_ID
from trialhouse.registry import Registry
from trialhouse.room import shortage_is_told
from trialhouse.settings import Settings

log = logging.getLogger(__name__)

BATCH_TRIALS = 100
# The index, and on average 7.4 versions: 4 333 631 of 583 000 trials in a public copy of the whole history.
REQUESTS_A_TRIAL = 8.4
# A trial without history is normal; so many and not one with any is a registry without the interface.
TOO_MANY_WITHOUT_HISTORY = 20
# A freed lock goes to whoever asks first; without a pause that could be this run again.
GIVE_WAY_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class BackfillReport:
    """What a run did; `snapshot_date` is the day whose trials were queued."""

    snapshot_date: date
    trials: int
    without_history: int
    versions: int
    refused: int
    batches: int
    requests: int


def backfill_history(settings: Settings, wish: HistoryWish) -> BackfillReport:
    """Read the next trials' indexes and wanted versions; a second run waits for the first.

    Raises:
        SettingsInvalid: nothing has landed, not that day, another registry's lake, or an id that is none.
        RegistryUnavailable, RegistryChanged: too many answers did not come or were odd (see asking.py), or
            there is no history interface; what was finished has landed and is not asked for again.
        DiskFull: no batch is left half-written; answers on disk are not asked for again.
    """
    with shortage_is_told(settings.home):
        return _backfill(settings, wish)


def _backfill(settings: Settings, wish: HistoryWish) -> BackfillReport:
    lake = Lake(settings.lake)
    store = HistoryStore.of(lake)
    day = _landed_day(lake, wish)
    url = settings.registry_url_of(day)
    with (
        exclusive(store.lock_file),
        working_connection(settings.spill_folder) as con,
        Registry(url, Pace(lake.pace_file, settings.seconds_between_requests)) as registry,
    ):
        lake.claim(settings.registry_name)
        define_landed_tables(con, store)
        queue = queue_trials(con, lake, day, wish, _begun_nct_ids(con, store))
        requests = len(queue) * REQUESTS_A_TRIAL
        log.info(
            "backfilling trials=%d about_requests=%.0f about_minutes=%.0f",
            *(len(queue), requests, requests * settings.seconds_between_requests / 60),
        )
        asker, receipts = Asker(registry), list[BatchManifest]()
        for start in range(0, len(queue), BATCH_TRIALS):
            batch = queue[start : start + BATCH_TRIALS]
            receipts.append(
                _backfill_batch(con, lake, store, asker, batch, wish.labels, settings.registry_name)
            )
            asker.raise_if_enough()
        return _report(day, receipts, registry.requests_count)


def _landed_day(lake: Lake, wish: HistoryWish) -> date:
    days = lake.days()
    if not days:
        raise SettingsInvalid(f"nothing has landed in {lake.root}; run `trialhouse sync` first")
    if wish.snapshot_date is not None and wish.snapshot_date not in days:
        raise SettingsInvalid(f"{wish.snapshot_date} has not landed; landed days: {days[0]} to {days[-1]}")
    malformed = [nct_id for nct_id in wish.nct_ids if not NCT_ID.fullmatch(nct_id)]
    if malformed:
        raise SettingsInvalid(f"not NCT ids: {', '.join(malformed[:5])}")
    return wish.snapshot_date or days[-1]


def _begun_nct_ids(con: duckdb.DuckDBPyConnection, store: HistoryStore) -> list[str]:
    """Trials a killed run left on disk, without those it had landed already: they go."""
    rows = con.execute("select nct_id, fetched_at from landed_trials").fetchall()
    landed = set(rows)
    begun = []
    for trial in begun_trials(store):
        asked = trial.asked()
        if asked is not None and (trial.nct_id, asked.fetched_at) in landed:
            remove(trial.folder)
        else:
            begun.append(trial.nct_id)
    return begun


def _backfill_batch(
    con: duckdb.DuckDBPyConnection,
    lake: Lake,
    store: HistoryStore,
    asker: Asker,
    batch: list[QueuedTrial],
    labels: tuple[str, ...],
    registry_name: str,
) -> BatchManifest:
    trials = []
    for trial in batch:
        with _writer_lock_for_a_while(lake):
            trials.append(fetch_trial(asker, store, trial, labels))
        log.info("read history trial=%s requests=%d", trial.nct_id, asker.registry.requests_count)
        if asker.has_enough:
            break
    _refuse_registry_without_history([trial.incoming for trial in trials])
    with _writer_lock_for_a_while(lake):
        manifest = land_batch(con, store, trials, labels, registry_name)
        for fetched in trials:
            remove(fetched.incoming.folder)
    log.info("landed history batch=%d versions=%d", manifest.batch_number, manifest.versions_count)
    return manifest


@contextmanager
def _writer_lock_for_a_while(lake: Lake) -> Iterator[None]:
    with lake.writer_lock():
        yield
    time.sleep(GIVE_WAY_SECONDS)


def _refuse_registry_without_history(trials: list[IncomingTrial]) -> None:
    """Believe no 404 of a registry that knows no history at all, and forget it said so."""
    answered = [trial for trial in trials if trial.index_file.exists()]
    if len(answered) < TOO_MANY_WITHOUT_HISTORY or any(_has_history(trial) for trial in answered):
        return
    last_answer = answered[-1].index_file.read_bytes()
    for trial in trials:
        remove(trial.folder)
    raise RegistryChanged(
        f"not one of {len(answered)} trials has a history that can be read: a person must see whether this "
        "registry still has the history interface, in the form this client knows",
        last_answer,
    )


def _has_history(trial: IncomingTrial) -> bool:
    try:
        return bool(read_index(trial.index_file.read_bytes()))
    except IndexUnreadable:
        return False


def _report(day: date, receipts: list[BatchManifest], requests: int) -> BackfillReport:
    return BackfillReport(
        snapshot_date=day,
        trials=sum(receipt.trials_count for receipt in receipts),
        without_history=sum(receipt.without_history_count for receipt in receipts),
        versions=sum(receipt.versions_count for receipt in receipts),
        refused=sum(receipt.refused_count for receipt in receipts),
        batches=len(receipts),
        requests=requests,
    )
