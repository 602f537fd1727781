"""What a killed or failing backfill leaves, and that the next one asks for nothing twice."""

import errno
from collections.abc import Callable
from typing import Any

import pytest

from builders import a_study
from integration.test_history_home import NEXT_DAY, Home, Killed, a_history, a_home, a_trial, killing
from trialhouse.errors import DiskFull
from trialhouse.history import backfill, batch
from trialhouse.history.typed_versions import write_versions
from trialhouse.lake import remove
from trialhouse.registry import Registry

WRITERS = ["write_versions", "_manifest_of", "write_atomically"]

home = pytest.fixture(a_home)


@pytest.mark.parametrize("at", range(1, 8))
def test_a_run_killed_at_any_request_asks_for_nothing_twice(
    home: Home, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    home.add(*a_history("NCT90000001", 3))
    home.add(*a_history("NCT90000002", 2))
    home.land_day(a_trial(1), a_trial(2))
    with monkeypatch.context() as patch:
        patch.setattr(Registry, "_ask_internal", killing(at, Registry._ask_internal))
        with pytest.raises(Killed):
            home.backfill()
    assert len(home.asked) == at - 1
    report = home.backfill()
    assert (report.requests, len(home.asked), len(set(home.asked))) == (7 - at + 1, 7, 7)
    assert home.landed("versions", "count(*)") == [(5,)]


@pytest.mark.parametrize("dying", WRITERS)
def test_a_run_killed_while_landing_leaves_no_batch_and_asks_for_nothing_twice(
    home: Home, monkeypatch: pytest.MonkeyPatch, dying: str
) -> None:
    home.add(*a_history("NCT90000001", 3))
    home.land_day(a_trial(1))
    with monkeypatch.context() as patch:
        patch.setattr(batch, dying, killing(1, getattr(batch, dying)))
        with pytest.raises(Killed):
            home.backfill()
    assert home.store.batch_folder(1).exists()
    assert home.store.batch_numbers() == []
    report = home.backfill()
    assert (report.requests, report.versions, home.store.batch_numbers()) == (0, 3, [1])


def on_a_full_disk(original: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any) -> None:
        if original is write_versions:
            original(*args)
        raise OSError(errno.ENOSPC, "No space left on device")

    return call


@pytest.mark.parametrize("failing", WRITERS)
def test_a_disk_full_while_landing_is_told_and_takes_up_no_room(
    home: Home, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    home.add(*a_history("NCT90000001", 3))
    home.land_day(a_trial(1))
    with monkeypatch.context() as patch:
        patch.setattr(batch, failing, on_a_full_disk(getattr(batch, failing)))
        with pytest.raises(DiskFull, match=str(home.settings.home)):
            home.backfill()
    assert not home.store.batch_folder(1).exists()
    report = home.backfill()
    assert (report.requests, report.versions, home.store.batch_numbers()) == (0, 3, [1])


def test_a_run_killed_after_landing_leaves_nothing_to_land_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.add(*a_history("NCT90000001", 3))
    home.land_day(a_trial(1))
    with monkeypatch.context() as patch:
        patch.setattr(backfill, "remove", killing(1, remove))
        with pytest.raises(Killed):
            home.backfill()
    assert (home.store.batch_numbers(), home.store.incoming_folder("NCT90000001").exists()) == ([1], True)
    assert home.backfill().trials == 0
    assert not home.store.incoming_folder("NCT90000001").exists()


def test_a_killed_first_write_is_begun_again(home: Home) -> None:
    home.add(*a_history("NCT90000001", 1))
    home.land_day(a_trial(1))
    home.store.incoming_folder("NCT90000001").mkdir(parents=True)
    assert home.backfill().versions == 1


def test_an_index_on_disk_is_not_believed_once_the_record_changed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.add(*a_history("NCT90000001", 2))
    home.land_day(a_study("NCT90000001"))
    with monkeypatch.context() as patch:
        patch.setattr(backfill, "land_batch", killing(1, batch.land_batch))
        with pytest.raises(Killed):
            home.backfill()
    home.add(*a_history("NCT90000001", 3))
    home.land_day(a_study("NCT90000001", statusModule__overallStatus="COMPLETED"), day=NEXT_DAY)
    home.backfill()
    assert home.asked[3:] == ["NCT90000001/history", "NCT90000001/history/2"]
    assert home.landed("versions", "version_number") == [(0,), (1,), (2,)]


def test_a_begun_trial_goes_before_all_that_are_not_named(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        home.add(*a_history(f"NCT9000000{number}", 2))
    home.land_day(*map(a_trial, range(1, 4)))
    with monkeypatch.context() as patch:
        patch.setattr(Registry, "past_version", killing(1, Registry.past_version))
        with pytest.raises(Killed):
            home.backfill(nct_ids=("NCT90000003",))
    home.backfill(nct_ids=("NCT90000002",))
    assert [nct_id[-1] for nct_id in home.asked_trials] == list("321")
    assert home.asked[1:4] == ["NCT90000002/history", "NCT90000002/history/0", "NCT90000002/history/1"]
    assert home.asked[4] == "NCT90000003/history/0"


def test_whole_batches_land_while_the_run_goes_on(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "BATCH_TRIALS", 2)
    for number in range(1, 6):
        home.add(*a_history(f"NCT9000000{number}", 1))
    home.land_day(*map(a_trial, range(1, 6)))
    with monkeypatch.context() as patch:
        patch.setattr(Registry, "_ask_internal", killing(8, Registry._ask_internal))
        with pytest.raises(Killed):
            home.backfill()
    assert home.landed("trials", "count(*)") == [(2,)]
    assert home.backfill().batches == 2
    assert home.landed("trials", "count(*)") == [(5,)]
