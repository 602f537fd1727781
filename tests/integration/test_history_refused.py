"""Answers that cannot be used: one is refused and the run goes on, and too many end it."""

from typing import Any

import pytest

from builders import a_study
from integration.test_history_home import DAY, NEXT_DAY, Home, a_history, a_home, a_trial
from trialhouse.errors import RegistryChanged, RegistryUnavailable
from trialhouse.history import backfill
from trialhouse.registry import Registry

HTML = b"<html>Something went wrong</html>"

home = pytest.fixture(a_home)


@pytest.fixture
def unavailable(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Paths that the registry does not answer."""
    paths, ask = set[str](), Registry._ask_internal

    def refuse_some(registry: Registry, path: str) -> Any:
        if path.removeprefix("/studies/") in paths:
            raise RegistryUnavailable(f"{path} answered 503")
        return ask(registry, path)

    monkeypatch.setattr(Registry, "_ask_internal", refuse_some)
    return paths


def land_trials(home: Home, count: int, versions: int = 1) -> None:
    for number in range(1, count + 1):
        home.add(*a_history(f"NCT900000{number:02d}", versions))
    home.land_day(*map(a_trial, range(1, count + 1)))


def test_an_odd_index_is_refused_and_the_run_goes_on(home: Home) -> None:
    land_trials(home, 2)
    home.answers["NCT90000001/history"] = HTML
    report = home.backfill()
    assert (report.trials, report.versions, report.refused) == (2, 1, 1)
    ((nct_id, version_number, reason, answer_line),) = home.landed("refused")
    assert (nct_id, version_number, answer_line) == ("NCT90000001", None, None)
    assert "RegistryChanged" in reason
    assert "Something went wrong" in reason
    assert home.landed("trials", "nct_id, versions_count") == [("NCT90000001", None), ("NCT90000002", 1)]


def test_an_odd_version_is_refused_and_its_trial_lands(home: Home) -> None:
    land_trials(home, 1, versions=3)
    home.answers["NCT90000001/history/1"] = HTML
    report = home.backfill()
    assert (report.versions, report.refused) == (2, 1)
    assert home.landed("versions", "version_number, answer_line") == [(0, 2), (2, 3)]
    assert home.landed("refused", "version_number, answer_line") == [(1, None)]
    assert not home.store.incoming_folder("NCT90000001").exists()


@pytest.mark.parametrize("odd", ["NCT90000001/history", "NCT90000001/history/0"])
def test_what_was_refused_without_an_answer_is_asked_for_again(home: Home, odd: str) -> None:
    land_trials(home, 1, versions=2)
    right, home.answers[odd] = home.answers[odd], HTML
    home.backfill()
    home.answers[odd] = right
    home.backfill()
    assert home.landed("versions", "version_number") == [(0,), (1,)]
    assert home.backfill().requests == 0
    assert home.asked.count("NCT90000001/history/1") == 1


def test_one_path_without_answer_is_refused_and_the_run_goes_on(home: Home, unavailable: set[str]) -> None:
    land_trials(home, 3)
    unavailable |= {"NCT90000001/history", "NCT90000002/history/0"}
    report = home.backfill()
    assert (report.trials, report.versions, report.refused) == (3, 1, 2)
    assert [reason for (reason,) in home.landed("refused", "reason")] == [
        "RegistryUnavailable: /studies/NCT90000001/history answered 503",
        "RegistryUnavailable: /studies/NCT90000002/history/0 answered 503",
    ]


def test_three_paths_without_answer_end_the_run_when_what_is_finished_has_landed(
    home: Home, unavailable: set[str]
) -> None:
    land_trials(home, 4, versions=3)
    unavailable |= {"NCT90000002/history", "NCT90000003/history/0", "NCT90000003/history/1"}
    with pytest.raises(RegistryUnavailable, match="NCT90000003/history/1"):
        home.backfill()
    assert "NCT90000003/history/2" not in home.asked
    assert home.landed("versions", "nct_id, version_number") == [("NCT90000001", n) for n in range(3)]
    assert home.landed("trials", "nct_id") == [(f"NCT9000000{number}",) for number in (1, 2, 3)]


def test_a_run_that_was_ended_does_not_hold_up_the_next(home: Home, unavailable: set[str]) -> None:
    land_trials(home, 4, versions=3)
    unavailable |= {f"NCT90000001/history/{number}" for number in range(3)}
    with pytest.raises(RegistryUnavailable):
        home.backfill()
    assert home.backfill(limit=3).versions == 9
    unavailable.clear()
    assert home.backfill().versions == 3
    assert home.backfill().trials == 0


def test_more_than_ten_odd_answers_end_the_run_when_what_is_finished_has_landed(home: Home) -> None:
    land_trials(home, 13)
    for number in range(2, 13):
        home.answers[f"NCT900000{number:02d}/history"] = HTML
    with pytest.raises(RegistryChanged, match="NCT90000012"):
        home.backfill()
    assert home.landed("trials", "count(*), count(versions_count)") == [(12, 1)]
    assert home.asked_trials[-1] == "NCT90000012"
    assert home.backfill(limit=1).versions == 1


def test_ten_odd_answers_do_not_end_the_run(home: Home) -> None:
    land_trials(home, 11)
    for number in range(1, 11):
        home.answers[f"NCT900000{number:02d}/history"] = HTML
    assert (home.backfill().refused, home.landed("versions", "nct_id")) == (10, [("NCT90000011",)])


def test_trials_refused_before_go_last_and_the_longest_ago_first(home: Home) -> None:
    land_trials(home, 4)
    home.answers["NCT90000001/history"] = b'{"changes":[{}]}'
    home.answers["NCT90000002/history/0"] = HTML
    home.backfill(nct_ids=("NCT90000002",), limit=1)
    home.backfill(limit=1)
    del home.asked[:]
    home.backfill(nct_ids=("NCT90000004",))
    assert [nct_id[-1] for nct_id in home.asked_trials] == list("4321")


def test_a_changed_record_is_asked_for_in_its_turn_though_refused_before(home: Home) -> None:
    land_trials(home, 2)
    home.answers["NCT90000001/history"] = HTML
    home.backfill(limit=1)
    changed = a_study("NCT90000001", statusModule__lastUpdatePostDateStruct={"date": "2026-01-06"})
    home.land_day(changed, a_trial(2), day=NEXT_DAY)
    home.backfill()
    assert [nct_id[-1] for nct_id in home.asked_trials] == list("112")


def test_an_index_that_cannot_be_relied_on_is_refused_whole_and_asked_for_again(home: Home) -> None:
    nct_id, changes, records = a_history("NCT90000001", 3)
    land_trials(home, 2)
    home.add(nct_id, changes[1:], records)
    report = home.backfill()
    assert home.landed("refused") == [("NCT90000001", None, "versions are not 0 to 1: [1, 2]", 1)]
    assert home.landed("trials", "nct_id, versions_count") == [("NCT90000001", None), ("NCT90000002", 1)]
    home.add(nct_id, changes, records)
    assert (report.versions, home.backfill().versions) == (1, 3)


def test_a_version_that_does_not_fit_is_refused_and_the_rest_land(home: Home) -> None:
    home.add(*a_history("NCT90000001", 4))
    home.add("NCT90000001", a_history("NCT90000001", 4)[1], [a_study(), {"protocolSection": {}}])
    del home.answers["NCT90000001/history/3"]
    home.land_day(a_trial(1))
    report = home.backfill()
    assert home.landed("versions", "version_number") == [(0,), (2,)]
    assert home.landed("refused", "version_number, reason, answer_line") == [
        (1, "no NCT id", 3),
        (3, "listed in the index, but the registry has no such version", None),
    ]
    assert report.refused == 2


def test_a_version_only_duckdb_refuses_is_refused_and_the_rest_land(home: Home) -> None:
    land_trials(home, 1, versions=3)
    twice = home.answers["NCT90000001/history/1"].replace(
        b'"hasResults"', b'"hasResults": true, "hasResults"'
    )
    home.answers["NCT90000001/history/1"] = twice
    report = home.backfill()
    assert home.landed("versions", "version_number, answer_line") == [(0, 2), (2, 4)]
    assert home.landed("refused", "version_number, answer_line") == [(1, 3)]
    assert (report.versions, report.refused) == (2, 1)


def test_a_version_refused_for_what_it_says_is_not_asked_for_again(home: Home) -> None:
    home.add("NCT90000001", a_history("NCT90000001", 1)[1], [{"protocolSection": {}}])
    home.land_day(a_trial(1))
    home.backfill()
    assert home.backfill().requests == 0
    home.land_day(a_study("NCT90000001", statusModule__overallStatus="COMPLETED"), day=NEXT_DAY)
    assert home.backfill().requests == 1


def test_a_registry_that_knows_no_history_at_all_is_not_believed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "TOO_MANY_WITHOUT_HISTORY", 2)
    home.land_day(*map(a_trial, range(1, 4)))
    home.answers["NCT90000002/history"] = b'{"versions":[]}'
    home.answers["NCT90000003/history"] = HTML
    with pytest.raises(RegistryChanged, match="not one of 2 trials") as error:
        home.backfill(snapshot_date=DAY)
    assert error.value.answer == b'{"versions":[]}'
    home.add(*a_history("NCT90000002", 1))
    report = home.backfill()
    assert (report.versions, report.without_history, report.refused) == (1, 1, 1)
