"""Ids the listing no longer holds, or holds and cannot deliver: what the lake knows of each."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from builders import MONDAY, TUESDAY, WEDNESDAY, MadeUpRegistry, a_study, home_of, with_status
from faults.answers import NO_CLEAR_ANSWER, named
from faults.registries import (
    MODES,
    LeavesOut,
    departures,
    manifest_facts,
    nct,
    presence,
    require_nothing_half_written,
    steady,
)
from trialhouse import departures as departures_module
from trialhouse.lake import Lake
from trialhouse.local_registry.faults import Fault
from trialhouse.raw_verdicts import record_verdict
from trialhouse.settings import Settings
from trialhouse.sync import sync_day

VANISHED, MERGED, WITHHELD, REDACTED, LEFT_OUT, BACK = map(nct, range(1, 7))
REDACTED_SPONSOR: dict[str, Any] = {
    "sponsorCollaboratorsModule__leadSponsor": {"name": "[Redacted]", "class": "OTHER"}
}
SOUND = range(50, 60)
EVERYONE = [*steady(range(1, 7)), *steady(SOUND)]


class MergesWhileItIsRead(MadeUpRegistry):
    """Its first listing of Tuesday still holds a record that is an alias when it is asked for."""

    listings_of_tuesday = 0

    def nct_ids(self, day: date) -> Sequence[str]:
        if day == TUESDAY:
            self.listings_of_tuesday += 1
        return [nct_id for nct_id in super().nct_ids(day) if not self._is_merged(day, nct_id)]

    def study(self, day: date, nct_id: str) -> bytes | None:
        return None if self._is_merged(day, nct_id) else super().study(day, nct_id)

    def _is_merged(self, day: date, nct_id: str) -> bool:
        return nct_id == MERGED and day == TUESDAY and self.listings_of_tuesday > 1


def registry_with_departures() -> LeavesOut:
    gone = [with_status("WITHHELD", WITHHELD), a_study(REDACTED, **REDACTED_SPONSOR), a_study(LEFT_OUT)]
    return LeavesOut(
        {
            MONDAY: EVERYONE,
            TUESDAY: [*gone, *steady(SOUND)],
            WEDNESDAY: [*gone, a_study(BACK), *steady(SOUND)],
        },
        {day: (WITHHELD, REDACTED, LEFT_OUT) for day in (TUESDAY, WEDNESDAY)},
        aliases={MERGED: nct(50)},
    )


@pytest.fixture(scope="module", params=MODES)
def departed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A home in which the three days have landed."""
    home = tmp_path_factory.mktemp("departed")
    with home_of(registry_with_departures(), home, sync_mode=request.param) as settings:
        for day in (MONDAY, TUESDAY, WEDNESDAY):
            sync_day(settings, day)
        yield settings


def counts(settings: Settings, *names: str) -> list[tuple[int, ...]]:
    """These numbers of each day's manifest."""
    lake = Lake(settings.lake)
    return [tuple(manifest_facts(lake, day)[name] for name in names) for day in lake.days()]


def test_each_id_that_is_gone_is_asked_after_and_known(departed: Settings) -> None:
    assert departures(departed, TUESDAY) == [
        (VANISHED, "VANISHED", None),
        (MERGED, "MERGED", nct(50)),
        (WITHHELD, "WITHHELD", None),
        (REDACTED, "WITHHELD", None),
        (BACK, "VANISHED", None),
    ]
    assert counts(departed, "studies_count", "vanished_count") == [(16, 0), (11, 5), (12, 0)]
    assert counts(departed, "merged_count", "withheld_count") == [(0, 0), (1, 2), (0, 0)]
    require_nothing_half_written(departed)


def test_who_comes_back_has_returned_with_the_same_content(departed: Settings) -> None:
    assert departures(departed, WEDNESDAY) == []
    assert counts(departed, "new_count", "returned_count") == [(16, 0), (0, 0), (0, 1)]
    assert presence(departed, WEDNESDAY)[BACK] == presence(departed, MONDAY)[BACK]


def test_a_record_that_only_the_listing_forgot_is_kept_and_counted(departed: Settings) -> None:
    assert all(LEFT_OUT in presence(departed, day) for day in (MONDAY, TUESDAY, WEDNESDAY))
    assert counts(departed, "listed_count", "artefact_count") == [(16, 0), (10, 1), (11, 1)]


def test_an_alias_in_a_batch_is_a_merger_and_no_lost_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trialhouse.download.PAGE_SIZE", 1000)
    changed = [with_status("COMPLETED", nct_id) for nct_id in (MERGED, nct(50))]
    registry = MergesWhileItIsRead(
        {MONDAY: EVERYONE, TUESDAY: [*changed, *steady(range(51, 60))]}, aliases={MERGED: nct(50)}
    )
    with home_of(registry, tmp_path, sync_mode="sweep") as settings:
        sync_day(settings, MONDAY)
        sync_day(settings, TUESDAY)
        assert (MERGED, "MERGED", nct(50)) in departures(settings, TUESDAY)
        assert presence(settings, TUESDAY).keys() == {nct(number) for number in SOUND}
        assert Lake(settings.lake).manifest(TUESDAY).listed_count == 11
        require_nothing_half_written(settings)


def test_an_answer_that_says_nothing_of_a_missing_record_is_no_departure(tmp_path: Path) -> None:
    registry = MadeUpRegistry({MONDAY: EVERYONE, TUESDAY: [*steady(range(2, 7)), *steady(SOUND)]})
    garbled = Fault("json_of_another_shape", endpoint="study")
    with home_of(registry, tmp_path, faults=[garbled]) as settings:
        sync_day(settings, MONDAY)
        sync_day(settings, TUESDAY)
        assert departures(settings, TUESDAY) == []
        assert presence(settings, TUESDAY)[VANISHED] == presence(settings, MONDAY)[VANISHED]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fault", NO_CLEAR_ANSWER, ids=named)
def test_an_id_about_which_the_registry_says_nothing_clear_is_kept_and_asked_for_again(
    tmp_path: Path, fault: Fault, mode: str
) -> None:
    days = {MONDAY: EVERYONE, TUESDAY: EVERYONE[1:], WEDNESDAY: EVERYONE[1:]}
    with home_of(MadeUpRegistry(days), tmp_path, sync_mode=mode, faults=[fault]) as settings:
        for day in (MONDAY, TUESDAY):
            assert sync_day(settings, day).landed
        assert presence(settings, TUESDAY) == presence(settings, MONDAY)
        assert (departures(settings, TUESDAY), counts(settings, "unchecked_count")) == ([], [(0,), (1,)])
    with home_of(MadeUpRegistry(days), tmp_path, sync_mode=mode) as settings:
        sync_day(settings, WEDNESDAY)
        assert nct(1) not in presence(settings, WEDNESDAY)
        assert departures(settings, WEDNESDAY) == [(nct(1), "VANISHED", None)]


def test_a_redirect_to_itself_is_no_merger(tmp_path: Path) -> None:
    days = {MONDAY: EVERYONE, TUESDAY: EVERYONE[1:]}
    with home_of(MadeUpRegistry(days, aliases={nct(1): nct(1)}), tmp_path) as settings:
        for day in (MONDAY, TUESDAY):
            sync_day(settings, day)
        assert presence(settings, TUESDAY) == presence(settings, MONDAY)
        assert departures(settings, TUESDAY) == []


def test_of_a_large_loss_only_some_are_asked_for_and_the_others_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(departures_module, "MOST_ASKED", 3)
    days = {MONDAY: EVERYONE, TUESDAY: EVERYONE[6:], WEDNESDAY: EVERYONE[6:]}
    with home_of(MadeUpRegistry(days), tmp_path) as settings:
        gone = []
        for day in days:
            sync_day(settings, day)
            gone.append([nct_id for nct_id, *_ in departures(settings, day)])
        assert counts(settings, "vanished_count", "unchecked_count") == [(0, 0), (3, 3), (3, 0)]
    assert gone == [[], [nct(1), nct(2), nct(3)], [nct(4), nct(5), nct(6)]]


@pytest.mark.parametrize("mode", MODES)
def test_what_a_held_day_said_is_gone_or_changed_is_asked_for_again(tmp_path: Path, mode: str) -> None:
    hidden = {"ipdSharingStatementModule__description": "spoilt on the held day"}
    spoilt = [a_study(nct(2), **hidden), *EVERYONE[2:]]
    days = {MONDAY: EVERYONE, TUESDAY: spoilt, WEDNESDAY: EVERYONE[1:]}
    registry = LeavesOut(days, {WEDNESDAY: ()})
    with home_of(registry, tmp_path, sync_mode=mode) as settings:
        for day in (MONDAY, TUESDAY):
            sync_day(settings, day)
        record_verdict(settings, TUESDAY, passed=False)
        registry.bytes_by_day[WEDNESDAY][nct(1)] = registry.bytes_by_day[MONDAY][nct(1)]
        registry.left_out[WEDNESDAY] = (nct(1),)
        sync_day(settings, WEDNESDAY)
        assert presence(settings, WEDNESDAY) == presence(settings, MONDAY)
        assert departures(settings, WEDNESDAY) == []
