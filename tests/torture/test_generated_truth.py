"""What the lake says of a generated series is what the generator knows it changed, to the last record."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import home_of
from torture.edited_source import Edit, EditedSource, note_since
from torture.plain_reading import (
    SWEPT,
    Swept,
    contents_in_lake,
    departures_on,
    listed_on,
    plain_hash,
    swept_of,
)
from trialhouse.lake import Lake, Manifest
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.source import StudySource
from trialhouse.local_registry.true_changes import MERGED, NEW_TRIAL, REAPPEARED, VANISHED, TrueChange
from trialhouse.sync import sync_day

COMING_OR_GOING = {NEW_TRIAL, REAPPEARED, VANISHED, MERGED}
POST_DATE = list(SWEPT).index("last_update_post_date")
OLDEST = timedelta(days=30)
# With this seed the last fortnight has a trial that vanishes and returns, and one that is merged.
SEED = 3
Listed = dict[str, tuple[str, date, Swept]]

pytestmark = pytest.mark.parametrize(
    ("days_count", "size"),
    [
        pytest.param(13, 110, id="a_fortnight"),
        pytest.param(60, 600, id="a_quarter", marks=pytest.mark.torture),
    ],
)


@dataclass(frozen=True, slots=True)
class Truth:
    """One day as the registry has it: plain hash and swept values by id."""

    contents: dict[str, str]
    swept: dict[str, Swept]


def truth_of(source: StudySource, day: date) -> Truth:
    bodies = {nct_id: source.study(day, nct_id) or b"" for nct_id in source.nct_ids(day)}
    return Truth(
        {nct_id: plain_hash(body) for nct_id, body in bodies.items()},
        {nct_id: swept_of(body) for nct_id, body in bodies.items()},
    )


def land_all(source: StudySource, home: Path, sync_mode: str) -> Lake:
    with home_of(source, home, sync_mode=sync_mode) as settings:
        for day in source.days():
            sync_day(settings, day)
        return Lake(settings.lake)


def test_versions_and_departures_are_the_generators_truth(
    tmp_path: Path, figures: dict[str, Any], days_count: int, size: int
) -> None:
    registry = GeneratedRegistry(seed=SEED, size=size, days=days_count)
    lake = land_all(registry, tmp_path, "full")
    contents = contents_in_lake(lake)
    seen, compared = set[tuple[str, str]](), Counter[str]()
    before: Listed = {}
    for day in registry.days():
        now, truth = listed_on(lake, day), truth_of(registry, day)
        assert {i: contents[i, known] for i, (known, _, _) in now.items()} == truth.contents
        assert {i: swept for i, (_, _, swept) in now.items()} == truth.swept
        seen |= truth.contents.items()
        if before:
            require_changes(lake, day, registry.changes(day), before, now)
        compared.update(change.kind for change in registry.changes(day))
        before = now
    assert sorted((nct_id, content) for (nct_id, _), content in contents.items()) == sorted(seen)
    assert compared.keys() >= {*COMING_OR_GOING, "STATUS", "ALIAS_ADDED", "SPONSOR_RENAMED"}
    figures["truth: changes compared"] = f"{compared.total()} {dict(compared)}"
    figures["truth: days, versions"] = f"{days_count}, {len(contents)}"


def require_changes(lake: Lake, day: date, changes: list[TrueChange], before: Listed, now: Listed) -> None:
    """A day against the day before: who changed, who silently, who left and what the registry said of it."""
    inside = [change for change in changes if change.kind not in COMING_OR_GOING]
    told = {change.nct_id for change in inside if not change.is_silent}
    changed = {i for i in before.keys() & now.keys() if before[i][0] != now[i][0]}
    assert changed == {change.nct_id for change in inside}
    assert {i for i in changed if before[i][2][POST_DATE] == now[i][2][POST_DATE]} == changed - told
    assert departures_on(lake, day) == departures_among(day, changes)
    require_counts(lake.manifest(day), changes, len(changed), len(changed - told))


def departures_among(day: date, changes: list[TrueChange]) -> set[tuple[Any, ...]]:
    """(id, absent on, type, merged into)."""
    return {(each.nct_id, day, each.kind, each.after) for each in changes if each.kind in (VANISHED, MERGED)}


def require_counts(manifest: Manifest, changes: list[TrueChange], changed: int, silent: int) -> None:
    kinds = Counter(change.kind for change in changes)
    assert (manifest.changed_count, manifest.silent_changed_count) == (changed, silent)
    assert (manifest.new_count, manifest.returned_count) == (kinds[NEW_TRIAL], kinds[REAPPEARED])
    assert manifest.vanished_count == kinds[VANISHED] + kinds[MERGED]
    assert manifest.merged_count == kinds[MERGED]
    assert (manifest.quarantined_count, manifest.artefact_count, manifest.unchecked_count) == (0, 0, 0)


def test_a_sweep_sees_what_it_asks_for_at_once_and_the_rest_within_thirty_days(
    tmp_path: Path, figures: dict[str, Any], days_count: int, size: int
) -> None:
    generated = GeneratedRegistry(seed=SEED, size=size, days=days_count)
    registry = EditedSource(generated, hidden_edit(generated.days()))
    lake = land_all(registry, tmp_path, "sweep")
    contents = contents_in_lake(lake)
    truths = {day: truth_of(registry, day) for day in registry.days()}
    missed, longest = set[str](), timedelta(0)
    before = Truth({}, {})
    for day, truth in truths.items():
        now = listed_on(lake, day)
        assert {i: swept for i, (_, _, swept) in now.items()} == truth.swept
        assert departures_on(lake, day) == departures_among(day, generated.changes(day))
        for nct_id, (known, read_on, swept) in now.items():
            content = contents[nct_id, known]
            assert content == truths[read_on].contents[nct_id]
            assert day - read_on <= OLDEST
            if content != truth.contents[nct_id]:
                assert swept == before.swept[nct_id]
                missed.add(nct_id)
                longest = max(longest, day - read_on)
        before = truth
    assert missed
    figures["truth: records a sweep knew late, oldest reading of one in days"] = (
        f"{len(missed)}, {longest.days}"
    )


def hidden_edit(days: list[date]) -> Edit:
    """Every third record, each from a day of its own on."""

    def since(nct_id: str) -> date | None:
        number = int(nct_id.removeprefix("NCT"))
        return None if number % 3 else days[number * 7 % len(days)]

    return note_since(since)
