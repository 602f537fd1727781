"""A disk that is too small, or fills up: refused or ended with an error, and nothing finished is lost."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from torture.child_runs import ChildRuns, Undisturbed, run_undisturbed
from torture.edited_source import EditedSource, note_since
from torture.home_picture import LAKE, WAREHOUSE, Rows, lake_of, lake_picture, published_rows
from torture.small_disk import small_disk
from trialhouse.errors import DiskFull
from trialhouse.lake import Lake
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.server import running

KB = 1024
MB = 1024 * KB
SEED = 1670


@pytest.fixture(scope="module")
def all_edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    """Every record is edited on the second day, so that its landing writes as much as the first one's."""
    generated = GeneratedRegistry(seed=SEED, size=200, days=2)
    source = EditedSource(generated, note_since(lambda nct_id: generated.days()[1]))
    with running(source) as address:
        yield run_undisturbed(address, source.days(), tmp_path_factory.mktemp("all_edited"), "sync", "full")


def test_a_first_load_larger_than_the_disk_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    registry = GeneratedRegistry(seed=SEED, size=600, days=1)
    with small_disk(tmp_path / "disk", 8 * MB) as disk, running(registry) as address:
        runs = ChildRuns(address, disk.folder, tmp_path / "children.log", disk.holder)
        assert runs.exit_code("sync", registry.days()) == DiskFull.exit_code
        assert "nothing was read" in runs.last_words()
        written = {str(file.relative_to(disk.seen / LAKE)) for file in disk.seen.rglob("*") if file.is_file()}
    assert written == {"registry.txt", ".writer.lock"}


@pytest.mark.parametrize(
    "room_in_kb",
    [
        pytest.param([40, 200], id="two_sizes"),
        pytest.param(range(0, 1200, 25), id="many_sizes", marks=pytest.mark.torture),
    ],
)
def test_a_disk_that_fills_up_during_a_sync_costs_that_day_alone(
    tmp_path: Path, all_edited: Undisturbed, figures: dict[str, Any], room_in_kb: Sequence[int]
) -> None:
    first, second = all_edited.days
    ends: Counter[str] = Counter()
    with small_disk(tmp_path / "disk", 16 * MB) as disk:
        home = disk.seen / "home"
        runs = ChildRuns(
            all_edited.registry_address, disk.folder / "home", tmp_path / "children.log", disk.holder, "full"
        )
        for room in room_in_kb:
            shutil.copytree(all_edited.home_after[first], home)
            with disk.filled_but(room * KB):
                ends[sync_second_day(runs, lake_of(home), first, second)] += 1
            assert runs.exit_code("sync", [second]) == 0, runs.last_words()
            assert lake_picture(home) == lake_picture(all_edited.home_after[second])
            shutil.rmtree(home)
    assert ends["full while reading"]
    assert ends["full while landing"]
    figures["disk full during a sync"] = dict(ends)


def sync_second_day(runs: ChildRuns, lake: Lake, first: date, second: date) -> str:
    """How the sync of the second day ended on a disk that is almost full; the first day must be whole."""
    code = runs.exit_code("sync", [second])
    lake.require_intact(first)
    if code == 0:
        return "room enough"
    assert code == DiskFull.exit_code, runs.last_words()
    assert lake.days() == [first]
    assert not list(lake.root.rglob("*.unfinished"))
    assert not list(lake.root.glob(f"*/snapshot_date={second}/*.parquet"))
    pages = list(lake.incoming_folder(second).rglob("page-*"))
    return "full while landing" if pages else "full while reading"


@pytest.mark.parametrize(
    "room_in_kb",
    [
        pytest.param([1_500], id="one_size"),
        pytest.param(
            [0, 1_000, 2_000, 3_000, 4_000, *range(4_300, 5_300, 75)],
            id="many_sizes",
            marks=pytest.mark.torture,
        ),
    ],
)
def test_a_disk_that_fills_up_during_a_build_leaves_the_published_file_as_it_was(
    tmp_path: Path, undisturbed: Undisturbed, figures: dict[str, Any], room_in_kb: Sequence[int]
) -> None:
    first, second = undisturbed.days[:2]
    before = published_rows(undisturbed.home_after[first])
    after = published_rows(undisturbed.home_after[second])
    ends: Counter[str] = Counter()
    with small_disk(tmp_path / "disk", 64 * MB) as disk:
        home = disk.seen / "home"
        runs = ChildRuns(
            undisturbed.registry_address, disk.folder / "home", tmp_path / "children.log", disk.holder
        )
        for room in room_in_kb:
            copy_home_with_second_day_landed(undisturbed, home)
            with disk.filled_but(room * KB):
                end = build_second_day(runs, second)
                ends[end] += 1
                assert rows_read_outside(home, tmp_path) == (after if end == "room enough" else before)
            assert runs.exit_code("publish", [second]) == 0, runs.last_words()
            assert rows_read_outside(home, tmp_path) == after
            shutil.rmtree(home)
    assert ends.total() > ends["room enough"]
    figures["disk full during a build, by the step that found no room"] = dict(ends)


def copy_home_with_second_day_landed(undisturbed: Undisturbed, home: Path) -> None:
    """The home after the first day, with the lake of the second."""
    first, second = undisturbed.days[:2]
    shutil.copytree(undisturbed.home_after[first], home, symlinks=True, ignore=shutil.ignore_patterns("lake"))
    shutil.copytree(undisturbed.home_after[second] / LAKE, home / LAKE)


def build_second_day(runs: ChildRuns, second: date) -> str:
    """The step that found no room, and said so."""
    steps, code = runs.steps_and_exit_code("publish", [second])
    assert code in (0, DiskFull.exit_code), runs.last_words()
    return steps[-1][0] if code else "room enough"


def rows_read_outside(home: Path, folder: Path) -> dict[str, Rows]:
    """The published rows, from a copy: DuckDB opens no database through `/proc`."""
    copied = folder / "read_outside"
    shutil.copytree(home / WAREHOUSE, copied / WAREHOUSE, symlinks=True)
    rows = published_rows(copied)
    shutil.rmtree(copied)
    return rows
