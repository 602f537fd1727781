"""Which trials a run asks for, in which order, and how the commands say it."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from builders import a_study
from integration.test_history_home import DAY, NARROW, NEXT_DAY, Home, a_history, a_home, a_trial
from trialhouse.cli_backfill import backfill_app
from trialhouse.errors import SettingsInvalid
from trialhouse.history import backfill
from trialhouse.registry import Registry

home = pytest.fixture(a_home)


def test_a_second_run_asks_nothing(home: Home) -> None:
    home.add(*a_history("NCT90000001", 3))
    home.land_day(a_trial(1), a_trial(2))
    home.backfill()
    asked = len(home.asked)
    again = home.backfill(nct_ids=("NCT90000001",))
    assert (again.trials, again.batches, again.requests, len(home.asked)) == (0, 0, 0, asked)


def test_a_changed_records_index_is_read_again_but_its_known_versions_are_not(home: Home) -> None:
    home.add(*a_history("NCT90000001", 2))
    home.land_day(a_study("NCT90000001"))
    home.backfill()
    home.add(*a_history("NCT90000001", 3))
    home.land_day(a_study("NCT90000001", statusModule__overallStatus="COMPLETED"), day=NEXT_DAY)
    report = home.backfill()
    assert (report.snapshot_date, report.versions) == (NEXT_DAY, 1)
    assert home.asked[3:] == ["NCT90000001/history", "NCT90000001/history/2"]


def test_wider_labels_read_the_versions_left_out_before(home: Home) -> None:
    home.add(*a_history("NCT90000001", 3))
    home.land_day(a_trial(1))
    home.backfill(labels=NARROW)
    report = home.backfill(labels=("Study Status", *NARROW))
    assert home.asked[2:] == ["NCT90000001/history", "NCT90000001/history/1", "NCT90000001/history/2"]
    assert home.backfill(labels=NARROW).trials == 0
    assert report.versions == 2


def test_named_trials_go_first_then_recent_ones_then_late_phases(home: Home) -> None:
    home.land_day(
        a_trial(1, "2020-01-01", "NA"),
        a_trial(2, "2020-01-01", "PHASE1"),
        a_trial(3, "2020-01-01", "PHASE2"),
        a_trial(4, "2020-01-01", "PHASE2", "PHASE3"),
        a_trial(5, "2025-12-10", "NA"),
        a_trial(6, "2025-12-30", "NA"),
        a_trial(7, "2025-12-05", "PHASE4"),
        a_trial(8, "2020-01-01", "NA"),
    )
    for number in range(1, 9):
        home.add(*a_history(f"NCT9000000{number}", 1))
    home.backfill(nct_ids=("NCT90000009", "NCT90000008"), limit=5)
    home.backfill()
    assert [nct_id[-1] for nct_id in home.asked_trials] == list("986547321")
    assert home.landed("trials", "count(*)") == [(9,)]


def test_a_sync_that_waits_gets_in_between_two_trials(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "GIVE_WAY_SECONDS", 0.05)
    home.land_day(*map(a_trial, range(1, 6)))
    for number in range(1, 6):
        home.add(*a_history(f"NCT9000000{number}", 1))
    got_in_after = list[int]()

    def daily_sync() -> None:
        with home.lake.writer_lock():
            got_in_after.append(len(home.asked))

    def slow_history(registry: Registry, nct_id: str) -> Any:
        if nct_id == "NCT90000002":
            threading.Thread(target=daily_sync).start()
            time.sleep(0.2)
        return original(registry, nct_id)

    original = Registry.history
    monkeypatch.setattr(Registry, "history", slow_history)
    home.backfill()
    assert got_in_after == [4]


def test_the_command_names_trials_by_option_and_by_file(home: Home, tmp_path: Path) -> None:
    for number in (1, 2):
        home.add(*a_history(f"NCT9000000{number}", 3))
    home.land_day(*map(a_trial, (1, 2, 3)))
    watchlist = tmp_path / "watched.txt"
    watchlist.write_text("# ours\n\nNCT90000002  # the big one\nNCT90000001\n")
    options = ["--nct-id", "NCT90000003", "--watchlist", str(watchlist), "--limit", "2", "--labels", ""]
    answer = CliRunner().invoke(backfill_app, ["history", *options, "--date", str(DAY)])
    assert answer.exit_code == 0, answer.output
    assert home.asked == ["NCT90000003/history", "NCT90000002/history", "NCT90000002/history/0"]
    assert answer.output == (
        "read 2 trials of 2026-01-05: 1 past versions, 1 trials without history, "
        "0 answers refused, 3 requests\n"
    )


def test_the_command_says_beforehand_how_long_it_takes(
    home: Home, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIALHOUSE_SECONDS_BETWEEN_REQUESTS", "0.5")
    home.land_day(*map(a_trial, (1, 2)))
    with caplog.at_level("INFO"):
        CliRunner().invoke(backfill_app, ["history"])
    assert "backfilling trials=2 about_requests=17 about_minutes=0" in caplog.text


def test_a_malformed_id_gets_a_plain_answer(home: Home) -> None:
    home.land_day(a_study())
    answer = CliRunner().invoke(backfill_app, ["history", "--nct-id", "NCT1"])
    assert answer.exit_code == SettingsInvalid.exit_code
    assert "not NCT ids: NCT1" in answer.output
