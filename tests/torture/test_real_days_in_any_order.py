"""Nine real days: however they arrive, and with one of them missing, the days present say the same."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builders import home_of, real_data
from torture.plain_reading import contents_in_lake, departures_on, listed_on, plain_hash
from trialhouse.lake import Lake
from trialhouse.local_registry.replayed import ReplayedRegistry
from trialhouse.sync import sync_day

IN_ORDER = range(9)
NEWEST_FIRST = IN_ORDER[::-1]
LATE = 3
ALL_BUT_ONE = [place for place in IN_ORDER if place != LATE]


@contextmanager
def landed(registry: ReplayedRegistry, arrival: Iterable[int], home: Path) -> Iterator[Lake]:
    days = registry.days()
    with home_of(registry, home) as settings:
        for place in arrival:
            assert sync_day(settings, days[place]).landed
        yield Lake(settings.lake)


@pytest.fixture(scope="module")
def registry() -> ReplayedRegistry:
    found = ReplayedRegistry(real_data("ctgov/daily"))
    assert len(found.days()) == 9
    return found


@pytest.fixture(scope="module")
def in_order(registry: ReplayedRegistry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    with landed(registry, IN_ORDER, tmp_path_factory.mktemp("in_order")) as lake:
        yield lake


def versions_of(lake: Lake) -> dict[tuple[str, str], Any]:
    """Every version's typed row by id and content hash.

    Left aside: where its raw record lies, and the version holder, which is the day it was first read.
    """
    files = [str(file) for file in lake.versions_files(lake.days())]
    rows = duckdb.sql(
        f"select nct_id, content_hash, to_json(versions)::varchar from ("
        f"select * exclude (raw_page, raw_line) from read_parquet({files}, hive_partitioning = false)"
        f") as versions"
    ).fetchall()
    found = {(nct_id, content_hash): json.loads(row) for nct_id, content_hash, row in rows}
    assert len(found) == len(rows)
    for row in found.values():
        del row["derivedSection"]["miscInfoModule"]["versionHolder"]
    return found


def departures_of(registry: ReplayedRegistry, days: Sequence[date]) -> set[tuple[Any, ...]]:
    """(id, absent on, type) for every id that a day of these has and the next one of these has not."""
    return {
        (nct_id, day, "MERGED" if nct_id in registry.aliases(day) else "VANISHED")
        for before, day in pairwise(days)
        for nct_id in set(registry.nct_ids(before)) - set(registry.nct_ids(day))
    }


def departures_in(lake: Lake) -> set[tuple[Any, ...]]:
    return {row[:3] for day in lake.days() for row in departures_on(lake, day)}


def require_same_days(lake: Lake, in_order: Lake) -> None:
    """The days that are present list the same contents, and hold no versions but those."""
    present = {day: listed_on(lake, day) for day in lake.days()}
    assert present == {day: listed_on(in_order, day) for day in lake.days()}
    listed = {(nct_id, known) for rows in present.values() for nct_id, (known, _, _) in rows.items()}
    versions = versions_of(in_order)
    assert versions_of(lake) == {version: versions[version] for version in listed}


def test_days_landed_newest_first_say_the_same(
    registry: ReplayedRegistry, in_order: Lake, tmp_path: Path
) -> None:
    with landed(registry, NEWEST_FIRST, tmp_path) as lake:
        require_same_days(lake, in_order)
        assert departures_in(lake) == departures_of(registry, registry.days())


def test_days_with_one_missing_say_the_same_and_so_they_do_when_it_comes_late(
    registry: ReplayedRegistry, in_order: Lake, tmp_path: Path
) -> None:
    """A landed day is not rewritten: what it says of an id that a late day lacks too stays, and is true."""
    with landed(registry, ALL_BUT_ONE, tmp_path) as lake:
        require_same_days(lake, in_order)
        without_it = departures_of(registry, lake.days())
        assert departures_in(lake) == without_it
    with landed(registry, [LATE], tmp_path) as lake:
        require_same_days(lake, in_order)
        assert departures_in(lake) == without_it | departures_of(registry, registry.days())


def test_days_in_order_say_what_the_files_say(registry: ReplayedRegistry, in_order: Lake) -> None:
    contents = contents_in_lake(in_order)
    assert departures_in(in_order) == departures_of(registry, registry.days())
    for day in registry.days():
        served = {i: plain_hash(registry.study(day, i) or b"") for i in registry.nct_ids(day)}
        assert {i: contents[i, known] for i, (known, _, _) in listed_on(in_order, day).items()} == served
