"""Lake and published Parquet on a real S3 server: they outlive the machine, and never mix two."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest

from builders import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    MadeUpRegistry,
    a_study,
    build_and_publish,
    home_of,
    with_status,
)
from integration.test_publish import a_gated_build
from s3_server import BUCKET, S3Server, running_s3
from torture.home_picture import count_rows, lake_picture, parquet_rows, published_rows
from trialhouse.duckdb_session import load_extension
from trialhouse.errors import BuildFailed, LakeDamaged, SettingsInvalid, StoreUnavailable
from trialhouse.history.backfill import backfill_history
from trialhouse.history.plan import WANTED_LABELS
from trialhouse.history.queue import HistoryWish
from trialhouse.keeping import fetch_lake, keep_lake, keep_published, newest_publication, store_of
from trialhouse.lake import Lake
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.publish import export_parquet, publish
from trialhouse.raw_verdicts import held_days, record_verdict
from trialhouse.settings import Settings, load_settings
from trialhouse.sync import sync_day

REGISTRY = MadeUpRegistry(
    {
        MONDAY: [a_study("NCT90000001"), a_study("NCT90000002")],
        TUESDAY: [with_status("SUSPENDED", "NCT90000001"), a_study("NCT90000002"), a_study("NCT90000003")],
        WEDNESDAY: [with_status("TERMINATED", "NCT90000001"), a_study("NCT90000003")],
    }
)


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(autouse=True)
def keys(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def address(s3: S3Server, tmp_path: Path) -> str:
    return s3.address(tmp_path.name)


@contextmanager
def machine(home: Path, address: str, source: object = REGISTRY) -> Iterator[Settings]:
    """A machine of its own, with one store or (an empty address) none."""
    with home_of(source, home), pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIALHOUSE_OBJECT_STORE", address)
        yield load_settings()


def land_and_keep(settings: Settings, *days: date) -> None:
    for day in days:
        sync_day(settings, day)
    keep_lake(settings)


def objects(s3: S3Server, tmp_path: Path, folder: str) -> list[str]:
    from pyarrow import fs

    root = f"{BUCKET}/{tmp_path.name}/{folder}"
    found = s3.files().get_file_info(fs.FileSelector(root, recursive=True, allow_not_found=True))
    return sorted(info.path[len(root) + 1 :] for info in found if info.is_file)


def test_a_machine_that_lost_its_disk_goes_on_as_if_nothing_had_been(
    s3: S3Server, address: str, tmp_path: Path
) -> None:
    source = GeneratedRegistry(size=60, days=3)
    first, second, third = source.days()
    with machine(tmp_path / "lost", address, source) as settings:
        land_and_keep(settings, first, second)
        backfill_history(settings, HistoryWish(nct_ids=(), limit=5, labels=WANTED_LABELS))
        keep_lake(settings)
    shutil.rmtree(tmp_path / "lost" / "lake")

    with machine(tmp_path / "new", address, source) as settings:
        sync_day(settings, third)
        build_publish_and_keep(settings, third)
        newest = newest_publication(store_of(settings))
    with machine(tmp_path / "calm", "", source) as settings:
        for day in (first, second):
            sync_day(settings, day)
        backfill_history(settings, HistoryWish(nct_ids=(), limit=5, labels=WANTED_LABELS))
        sync_day(settings, third)
        build_and_publish(settings, third)

    assert newest
    assert newest.snapshot_date == third
    new, calm = published_rows(tmp_path / "new"), published_rows(tmp_path / "calm")
    assert {name: rows for name, rows in new.items() if rows != calm[name]} == {}
    assert new.keys() == calm.keys()
    assert count_rows(new) > 1_000
    require_same_parquet(s3, tmp_path, newest.folder, newest.tables)


def build_publish_and_keep(settings: Settings, day: date) -> None:
    build_and_publish(settings, day)
    keep_published(settings)


def require_same_parquet(s3: S3Server, tmp_path: Path, folder: str, tables: list[str]) -> None:
    """A DuckDB elsewhere reads from the store what stands in the published file."""
    here = parquet_rows(tmp_path / "new")
    assert sorted(here) == sorted(f"marts.{table}" for table in tables)
    with duckdb.connect() as con:
        load_extension(con, "httpfs")
        con.execute(s3.duckdb_secret())
        for table in tables:
            file = f"s3://{BUCKET}/{tmp_path.name}/published/{folder}/{table}.parquet"
            (count,) = con.execute(f"select count(*) from '{file}'").fetchall()
            assert count == (len(here[f"marts.{table}"]),), table


def test_the_newest_two_publications_stay_for_readers_that_began_with_one(
    s3: S3Server, address: str, tmp_path: Path
) -> None:
    with machine(tmp_path / "home", address) as settings:
        folders = []
        for number in range(3):
            a_gated_build(settings, number)
            publish(settings)
            export_parquet(settings)
            folders.append(keep_published(settings).folder)
            keep_published(settings)  # again: nothing more is written
        assert newest_publication(store_of(settings)) == keep_published(settings)
        kept = {path.split("/")[0] for path in objects(s3, tmp_path, "published")}
    assert kept == {*folders[-2:], "newest.json"}


def test_a_publication_is_not_kept_before_its_parquet_is_written(address: str, tmp_path: Path) -> None:
    with machine(tmp_path / "home", address) as settings:
        a_gated_build(settings, 1)
        publish(settings)
        export_parquet(settings)
        a_gated_build(settings, 2)
        publish(settings)
        with pytest.raises(BuildFailed, match="export-parquet"):
            keep_published(settings)


def test_keeping_killed_at_any_moment_leaves_no_half_day(s3: S3Server, address: str, tmp_path: Path) -> None:
    source = GeneratedRegistry(size=300, days=4)
    with machine(tmp_path / "home", address, source) as settings:
        for day in source.days():
            sync_day(settings, day)
        killed = kill_keepings(s3, tmp_path)
        with machine(tmp_path / "other", address, source) as other:
            fetch_lake(other)
            lake_picture(other.home)  # whole days, each file as its receipt says, nothing else
        keep_lake(settings)
    with machine(tmp_path / "another", address, source) as another:
        fetch_lake(another)
    assert killed
    assert lake_picture(tmp_path / "another") == lake_picture(tmp_path / "home")


def kill_keepings(s3: S3Server, tmp_path: Path) -> int:
    """Kill `store keep` soon after its first objects; returns how many died before they were done."""
    killed = 0
    for objects_before_death in (1, 8):
        command = [sys.executable, "-m", "trialhouse.cli", "store", "keep"]
        keeping = subprocess.Popen(command, env=os.environ.copy(), stderr=subprocess.DEVNULL)
        before = len(objects(s3, tmp_path, "lake"))
        while keeping.poll() is None and len(objects(s3, tmp_path, "lake")) < before + objects_before_death:
            time.sleep(0.005)
        keeping.kill()
        killed += keeping.wait() < 0
    return killed


def test_an_object_that_was_altered_is_refused_and_its_day_does_not_land(
    s3: S3Server, address: str, tmp_path: Path
) -> None:
    with machine(tmp_path / "home", address) as settings:
        land_and_keep(settings, MONDAY, TUESDAY)
    [versions] = [
        path for path in objects(s3, tmp_path, "lake") if path.startswith(f"versions/snapshot_date={TUESDAY}")
    ]
    with s3.files().open_output_stream(f"{BUCKET}/{tmp_path.name}/lake/{versions}") as out:
        out.write(b"something else")
    with machine(tmp_path / "new", address) as settings:
        with pytest.raises(LakeDamaged, match="is not what manifests"):
            sync_day(settings, WEDNESDAY)
        assert Lake(settings.lake).days() == [MONDAY]


def test_a_damaged_file_is_not_kept(address: str, tmp_path: Path) -> None:
    with machine(tmp_path / "home", address) as settings:
        sync_day(settings, MONDAY)
        Lake(settings.lake).presence_file(MONDAY).write_bytes(b"rot")
        with pytest.raises(LakeDamaged, match=r"presence\.parquet"):
            keep_lake(settings)
        assert not store_of(settings).objects("lake/manifests")


def test_a_file_that_rots_after_it_was_kept_comes_back_from_the_store(address: str, tmp_path: Path) -> None:
    with machine(tmp_path / "home", address) as settings:
        land_and_keep(settings, MONDAY)
        before = lake_picture(settings.home)
        Lake(settings.lake).presence_file(MONDAY).write_bytes(b"rot")
        Lake(settings.lake).versions_file(MONDAY).unlink()
        fetch_lake(settings)
        assert lake_picture(settings.home) == before


def test_two_machines_that_land_the_same_day_are_told_and_nothing_is_overwritten(
    address: str, tmp_path: Path
) -> None:
    with machine(tmp_path / "one", address) as one:
        sync_day(one, MONDAY)
    with machine(tmp_path / "two", address) as two:
        land_and_keep(two, MONDAY)
    with machine(tmp_path / "one", address) as one:
        for act in (keep_lake, fetch_lake):
            with pytest.raises(LakeDamaged, match="another machine landed it too"):
                act(one)
    theirs = store_of(two).read(f"lake/manifests/{MONDAY}.json")
    assert theirs == Lake(two.lake).manifest_file(MONDAY).read_bytes()


def test_a_disk_that_was_set_back_is_told_to_fetch_first(address: str, tmp_path: Path) -> None:
    with machine(tmp_path / "home", address) as settings:
        land_and_keep(settings, MONDAY)
        shutil.copytree(settings.home, tmp_path / "image")
        land_and_keep(settings, TUESDAY)
    with machine(tmp_path / "image", address) as settings:
        sync_day(settings, WEDNESDAY)
        with pytest.raises(LakeDamaged, match="trialhouse store fetch"):
            keep_lake(settings)
        fetch_lake(settings)
        keep_lake(settings)
        assert Lake(settings.lake).days() == [MONDAY, TUESDAY, WEDNESDAY]


def test_a_day_that_a_gate_holds_stays_held_on_the_next_machine(address: str, tmp_path: Path) -> None:
    with machine(tmp_path / "home", address) as settings:
        sync_day(settings, MONDAY)
        record_verdict(settings, MONDAY, passed=True)
        keep_lake(settings)
        record_verdict(settings, MONDAY, passed=False)
        keep_lake(settings)
    with machine(tmp_path / "new", address) as settings:
        fetch_lake(settings)
        assert held_days(settings) == {MONDAY}


def test_a_store_that_is_down_loses_no_day_but_a_machine_without_a_lake_waits_for_it(
    s3: S3Server, tmp_path: Path
) -> None:
    nobody = s3.address("any").replace(str(s3.port), "9")
    with machine(tmp_path / "empty", nobody) as settings:
        with pytest.raises(StoreUnavailable):
            sync_day(settings, MONDAY)
        assert not Lake(settings.lake).days()
    with machine(tmp_path / "home", "") as settings:
        sync_day(settings, MONDAY)
    with machine(tmp_path / "home", nobody) as settings:
        assert sync_day(settings, TUESDAY).landed
        with pytest.raises(StoreUnavailable):
            keep_lake(settings)


def test_wrong_keys_and_other_registries_are_refused(
    s3: S3Server, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with machine(tmp_path / "home", address) as settings:
        land_and_keep(settings, MONDAY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
        with pytest.raises(StoreUnavailable) as refused:
            keep_lake(settings)
        assert s3.secret not in str(refused.value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3.secret)
    monkeypatch.setenv("TRIALHOUSE_REGISTRY_NAME", "another registry")
    with (
        machine(tmp_path / "other", address) as settings,
        pytest.raises(SettingsInvalid, match="another reg"),
    ):
        sync_day(settings, MONDAY)


@pytest.mark.parametrize(
    "address", ["bucket/prefix", "http://bucket", "s3://key:secret@bucket", "s3://", "s3://bucket?nonsense=1"]
)
def test_an_address_that_is_none_is_refused_before_anything_happens(address: str, tmp_path: Path) -> None:
    with machine(tmp_path / "home", address) as settings, pytest.raises(SettingsInvalid) as refused:
        sync_day(settings, MONDAY)
    assert "secret@" not in str(refused.value)
