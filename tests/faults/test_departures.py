"""Ids the listing no longer holds, or holds and cannot deliver: what the lake knows of each."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from builders import MONDAY, TUESDAY, WEDNESDAY, MadeUpRegistry, a_study, home_of, with_status
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
from trialhouse.lake import Lake
from trialhouse.local_registry.faults import Fault
from trialhouse.settings import Settings
from trialhouse.sync import sync_day

VANISHED, MERGED, WITHHELD, REDACTED, LEFT_OUT, BACK = map(nct, range(1, 7))
REDACTED_SPONSOR = {"sponsorCollaboratorsModule__leadSponsor": {"name": "[Redacted]", "class": "OTHER"}}
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


def test_of_a_mass_that_vanished_only_some_are_asked_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trialhouse.departures.MOST_ASKED", 3)
    registry = MadeUpRegistry({MONDAY: EVERYONE, TUESDAY: steady(SOUND)})
    with home_of(registry, tmp_path) as settings:
        sync_day(settings, MONDAY)
        sync_day(settings, TUESDAY)
        manifest = Lake(settings.lake).manifest(TUESDAY)
        assert (manifest.vanished_count, manifest.unchecked_count) == (6, 3)


def test_an_answer_that_says_nothing_of_a_missing_record_is_no_departure(tmp_path: Path) -> None:
    registry = MadeUpRegistry({MONDAY: EVERYONE, TUESDAY: [*steady(range(2, 7)), *steady(SOUND)]})
    garbled = Fault("json_of_another_shape", endpoint="study")
    with home_of(registry, tmp_path, faults=[garbled]) as settings:
        sync_day(settings, MONDAY)
        sync_day(settings, TUESDAY)
        assert departures(settings, TUESDAY) == []
        assert presence(settings, TUESDAY)[VANISHED] == presence(settings, MONDAY)[VANISHED]
