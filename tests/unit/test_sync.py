"""Landing days over real HTTP: what is kept, what is read, what a killed or repeated run leaves."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builders import MONDAY, TUESDAY, WEDNESDAY, MadeUpRegistry, a_study, home_of, with_status
from trialhouse import landing, sweep
from trialhouse.download import page_files, read_lines
from trialhouse.errors import DayNotServed, SettingsInvalid, SnapshotIncomplete, SnapshotMissed
from trialhouse.lake import Lake
from trialhouse.presence import described_presence, presence_rows
from trialhouse.registry import DataVersion, Registry
from trialhouse.settings import Settings, load_settings
from trialhouse.sync import sync_day

THREE_DAYS = MadeUpRegistry(
    {
        MONDAY: [a_study("NCT90000001", version_holder="2026-01-05"), a_study("NCT90000002")],
        TUESDAY: [
            a_study("NCT90000001", version_holder="2026-01-06"),
            with_status(
                "SUSPENDED", "NCT90000002", statusModule__lastUpdatePostDateStruct={"date": "2026-01-06"}
            ),
            a_study("NCT90000003"),
        ],
        WEDNESDAY: [
            a_study("NCT90000002"),
            a_study("NCT90000003", statusModule__lastKnownStatus="RECRUITING"),
        ],
    }
)
MODES = ["full", "sweep"]


def presence(settings: Settings, day: date) -> list[tuple[Any, ...]]:
    rows = described_presence(Lake(settings.lake), day)
    return duckdb.sql(f"select nct_id, content_hash, overall_status from ({rows}) order by nct_id").fetchall()


def lake_rows(settings: Settings) -> list[tuple[Any, ...]]:
    """Every version and every presence row, whatever file it is in."""
    versions = settings.lake / "versions" / "*" / "*.parquet"
    lake = Lake(settings.lake)
    listed = presence_rows(lake, lake.days())
    return duckdb.sql(f"""
        select nct_id, content_hash, protocolSection::varchar as what from '{versions}'
        union all
        select nct_id, content_hash, snapshot_date::varchar
        from ({listed})
        order by all
    """).fetchall()


@pytest.mark.parametrize("mode", MODES)
def test_three_days_are_counted_right(tmp_path: Path, mode: str) -> None:
    with home_of(THREE_DAYS, tmp_path, sync_mode=mode) as settings:
        reports = [sync_day(settings, day) for day in THREE_DAYS.days()]
        silent = [Lake(settings.lake).manifest(day).silent_changed_count for day in THREE_DAYS.days()]
    counts = [(r.studies, r.new, r.returned, r.changed, r.vanished) for r in reports]
    assert counts == [(2, 2, 0, 0, 0), (3, 1, 0, 1, 0), (2, 0, 0, 2, 1)]
    assert silent == [0, 0, 1]


def test_content_that_came_back_is_no_new_version(tmp_path: Path) -> None:
    with home_of(THREE_DAYS, tmp_path) as settings:
        for day in THREE_DAYS.days():
            sync_day(settings, day)
        versions = duckdb.sql(f"from '{settings.lake}/versions/*/*.parquet'").fetchall()
        assert len(versions) == 5
        assert presence(settings, MONDAY)[1] == presence(settings, WEDNESDAY)[0]


def test_both_modes_leave_the_same_lake(tmp_path: Path) -> None:
    lakes = []
    for mode in MODES:
        with home_of(THREE_DAYS, tmp_path / mode, sync_mode=mode) as settings:
            for day in THREE_DAYS.days():
                sync_day(settings, day)
            lakes.append(lake_rows(settings))
    assert lakes[0] == lakes[1]


def test_days_landed_in_another_order_make_the_same_lake(tmp_path: Path) -> None:
    lakes = []
    for name, days in {"forward": THREE_DAYS.days(), "backward": THREE_DAYS.days()[::-1]}.items():
        with home_of(THREE_DAYS, tmp_path / name) as settings:
            for day in days:
                sync_day(settings, day)
            lakes.append(lake_rows(settings))
    assert lakes[0] == lakes[1]


def test_raw_records_are_the_bytes_the_registry_sent(tmp_path: Path) -> None:
    with home_of(THREE_DAYS, tmp_path) as settings:
        sync_day(settings, MONDAY)
        lake = Lake(settings.lake)
        lines = [line for file in page_files(lake.raw_folder(MONDAY)) for line in read_lines(file)]
        assert lines == [THREE_DAYS.study(MONDAY, nct_id) for nct_id in THREE_DAYS.nct_ids(MONDAY)]
        place = duckdb.sql(
            f"select nct_id, raw_page, raw_line from '{lake.versions_file(MONDAY)}'"
        ).fetchall()
        assert place == [("NCT90000001", 1, 1), ("NCT90000002", 1, 2)]


def test_the_manifest_names_every_file_with_its_sha256(tmp_path: Path) -> None:
    with home_of(THREE_DAYS, tmp_path) as settings:
        sync_day(settings, MONDAY)
        lake = Lake(settings.lake)
        on_disk = {
            str(file.relative_to(lake.root)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in lake.root.rglob("snapshot_date=*/*")
        }
        assert lake.manifest(MONDAY).files == on_disk
        assert len(on_disk) == 3


def test_a_second_sync_of_a_day_changes_no_byte(tmp_path: Path) -> None:
    with home_of(THREE_DAYS, tmp_path) as settings:
        assert sync_day(settings, MONDAY).landed
        before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
        assert not sync_day(settings, MONDAY).landed
        assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


class _Killed(BaseException):
    """As good as SIGKILL for what is on disk: nothing catches it."""


@pytest.mark.parametrize("step", ["_write_raw_pages", "_write_versions", "write_presence", "_manifest_of"])
def test_a_killed_landing_leaves_no_day_and_the_next_run_completes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    whole_step = getattr(landing, step)

    def killed_after(*args: Any) -> None:
        whole_step(*args)
        raise _Killed

    with home_of(THREE_DAYS, tmp_path / "killed") as settings:
        sync_day(settings, MONDAY)
        with monkeypatch.context() as patch:
            patch.setattr(landing, step, killed_after)
            with pytest.raises(_Killed):
                sync_day(settings, TUESDAY)
        assert Lake(settings.lake).days() == [MONDAY]
        assert sync_day(settings, TUESDAY).landed
        killed = lake_rows(settings)
    with home_of(THREE_DAYS, tmp_path / "whole") as settings:
        for day in (MONDAY, TUESDAY):
            sync_day(settings, day)
        assert lake_rows(settings) == killed


def test_pages_already_on_disk_are_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = MadeUpRegistry({MONDAY: [a_study(f"NCT9{number:07}") for number in range(2500)]})
    asked = []
    real_studies = Registry.studies

    def studies(self: Registry, params: dict[str, str]) -> Any:
        if params["pageSize"] == "1":
            return real_studies(self, params)
        asked.append(params.get("pageToken"))
        if len(asked) == 2:
            raise _Killed
        return real_studies(self, params)

    monkeypatch.setattr(Registry, "studies", studies)
    with home_of(records, tmp_path) as settings:
        with pytest.raises(_Killed):
            sync_day(settings, MONDAY)
        assert sync_day(settings, MONDAY).studies == 2500
    assert asked[0] is None
    assert asked[1] is not None
    assert asked[2] == asked[1]
    assert len(asked) == 4


def test_a_sweep_reads_what_is_new_or_listed_differently_and_a_slice_of_the_rest(tmp_path: Path) -> None:
    still = [a_study(f"NCT9{number:07}") for number in range(100, 190)]
    days = MadeUpRegistry(
        {
            MONDAY: [*still, a_study("NCT90000001")],
            TUESDAY: [*still, with_status("UNKNOWN", "NCT90000001"), a_study("NCT90000002")],
        }
    )
    with home_of(days, tmp_path, sync_mode="sweep") as settings:
        for day in days.days():
            sync_day(settings, day)
        manifest = Lake(settings.lake).manifest(TUESDAY)
    slice_read = -(-92 // sweep.PUBLISHING_DAYS_PER_REREAD)
    assert manifest.read_count == 2 + slice_read
    assert (manifest.changed_count, manifest.silent_changed_count, manifest.new_count) == (1, 1, 1)


def test_every_record_is_read_again_within_the_publishing_days_of_a_month(tmp_path: Path) -> None:
    days = [date(2026, 1, number) for number in range(1, 2 + sweep.PUBLISHING_DAYS_PER_REREAD)]
    hidden = {"ipdSharingStatementModule__description": "edited where no sweep looks"}
    records = [a_study(f"NCT9{number:07}") for number in range(40)]
    edited = [a_study(f"NCT9{number:07}", **hidden) for number in range(40)]
    registry = MadeUpRegistry({day: records if day == days[0] else edited for day in days})
    with home_of(registry, tmp_path, sync_mode="sweep") as settings:
        changed = [sync_day(settings, day).changed for day in days]
        assert presence(settings, days[-1]) != presence(settings, days[0])
    assert sum(changed) == 40


def test_a_live_registry_has_no_past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with home_of(THREE_DAYS, tmp_path) as settings:
        url = settings.registry_url_of(WEDNESDAY)
        monkeypatch.setenv("TRIALHOUSE_REGISTRY_URL", url)
        live = load_settings()
        with pytest.raises(SnapshotMissed, match="2026-01-06 stays missing"):
            sync_day(live, TUESDAY)
        assert sync_day(live, None).snapshot_date == WEDNESDAY
        assert not sync_day(live, date(2026, 1, 8)).landed


def test_a_live_registry_that_publishes_late_is_landed_under_its_own_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home_of(THREE_DAYS, tmp_path) as settings:
        monkeypatch.setenv("TRIALHOUSE_REGISTRY_URL", settings.registry_url_of(TUESDAY))
        report = sync_day(load_settings(), WEDNESDAY)
        assert (report.landed, report.snapshot_date) == (True, TUESDAY)
        assert Lake(settings.lake).days() == [TUESDAY]


def test_a_replayed_registry_says_that_it_has_not_a_day(tmp_path: Path) -> None:
    registry = MadeUpRegistry({MONDAY: [a_study()]})
    with home_of(registry, tmp_path) as settings:
        with pytest.raises(DayNotServed, match=f"no day {TUESDAY}"):
            sync_day(settings, TUESDAY)
        assert Lake(settings.lake).days() == []


@pytest.mark.parametrize("expired_when", ["while_it_is_read", "after_a_kill"])
def test_a_page_token_that_expires_starts_the_reading_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expired_when: str
) -> None:
    records = MadeUpRegistry({MONDAY: [a_study(f"NCT9{number:07}") for number in range(1500)]})
    asked: list[str | None] = []
    real_studies = Registry.studies

    def studies(self: Registry, params: dict[str, str]) -> Any:
        if params["pageSize"] == "1":
            return real_studies(self, params)
        asked.append(params.get("pageToken"))
        if len(asked) == 2 and expired_when == "after_a_kill":
            raise _Killed
        if len(asked) == (3 if expired_when == "after_a_kill" else 2):
            params = params | {"pageToken": "expired"}
        return real_studies(self, params)

    monkeypatch.setattr(Registry, "studies", studies)
    with home_of(records, tmp_path) as settings:
        if expired_when == "after_a_kill":
            with pytest.raises(_Killed):
                sync_day(settings, MONDAY)
        assert sync_day(settings, MONDAY).studies == 1500
    assert asked[-2:][0] is None


def test_a_reading_that_ends_on_a_later_day_is_not_taken_for_the_day_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_version = Registry.version
    asked: list[int] = []

    def version(self: Registry) -> DataVersion:
        asked.append(1)
        told = real_version(self)
        return told if len(asked) == 1 else DataVersion(told.api_version, told.data_timestamp.replace(day=6))

    monkeypatch.setattr(Registry, "version", version)
    with home_of(THREE_DAYS, tmp_path) as settings:
        with pytest.raises(SnapshotMissed):
            sync_day(settings, MONDAY)
        assert Lake(settings.lake).days() == []


def test_a_lake_never_mixes_two_registries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with home_of(THREE_DAYS, tmp_path) as settings:
        sync_day(settings, MONDAY)
        monkeypatch.setenv("TRIALHOUSE_REGISTRY_NAME", "another")
        with pytest.raises(SettingsInvalid, match="holds the registry 'local', not 'another'"):
            sync_day(load_settings(), TUESDAY)


def test_a_registry_that_moves_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_version = Registry.version
    moved: list[DataVersion] = []

    def version(self: Registry) -> DataVersion:
        told = real_version(self)
        moved.append(told)
        return DataVersion(told.api_version, told.data_timestamp.replace(minute=min(len(moved) // 2, 1)))

    monkeypatch.setattr(Registry, "version", version)
    with home_of(THREE_DAYS, tmp_path) as settings:
        assert sync_day(settings, MONDAY).landed
        assert Lake(settings.lake).manifest(MONDAY).data_timestamp.minute == 1
    assert len(moved) == 4


def test_a_registry_that_never_stands_still_leaves_no_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_version = Registry.version
    asked: list[int] = []

    def version(self: Registry) -> DataVersion:
        asked.append(1)
        told = real_version(self)
        return DataVersion(told.api_version, told.data_timestamp.replace(minute=len(asked)))

    monkeypatch.setattr(Registry, "version", version)
    with home_of(THREE_DAYS, tmp_path) as settings:
        with pytest.raises(SnapshotIncomplete, match="none of 3 readings was whole"):
            sync_day(settings, MONDAY)
        assert Lake(settings.lake).days() == []


def test_fewer_rows_than_the_registry_counts_are_no_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_studies = Registry.studies

    def one_short(self: Registry, params: dict[str, str]) -> Any:
        page = real_studies(self, params)
        page.studies.pop()
        return page

    monkeypatch.setattr(Registry, "studies", one_short)
    with home_of(THREE_DAYS, tmp_path) as settings:
        with pytest.raises(SnapshotIncomplete, match="read 1 rows of 2"):
            sync_day(settings, MONDAY)
        assert Lake(settings.lake).days() == []


@pytest.mark.parametrize("mode", MODES)
def test_an_id_twice_is_no_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    real_studies = Registry.studies

    def first_twice(self: Registry, params: dict[str, str]) -> Any:
        page = real_studies(self, params)
        page.studies[-1] = page.studies[0]
        return page

    with home_of(THREE_DAYS, tmp_path, sync_mode=mode) as settings:
        sync_day(settings, MONDAY)
        monkeypatch.setattr(Registry, "studies", first_twice)
        with pytest.raises(SnapshotIncomplete):
            sync_day(settings, TUESDAY)
        assert Lake(settings.lake).days() == [MONDAY]


def test_a_record_that_does_not_fit_the_typed_record_is_set_aside_alone(tmp_path: Path) -> None:
    damaged = a_study("NCT90000001", designModule__enrollmentInfo=["not", "an", "object"])
    with home_of(MadeUpRegistry({MONDAY: [damaged, a_study("NCT90000002")]}), tmp_path) as settings:
        report = sync_day(settings, MONDAY)
        assert (report.studies, report.quarantined) == (2, 1)
        lake = Lake(settings.lake)
        assert presence(settings, MONDAY)[0] == ("NCT90000001", None, None)
        (row,) = duckdb.sql(
            f"select nct_id, reason, raw_line from '{lake.quarantine_file(MONDAY)}'"
        ).fetchall()
        assert (row[0], row[2]) == ("NCT90000001", 1)
        assert "Expected `object | null`, got `array`" in row[1]
        assert json.loads(read_lines(lake.raw_folder(MONDAY) / "quarantined.jsonl.zst")[0]) == damaged


def test_an_unknown_field_is_kept_in_raw(tmp_path: Path) -> None:
    record = {**a_study(), "newSection": {"a": 1}}
    with home_of(MadeUpRegistry({MONDAY: [record]}), tmp_path) as settings:
        sync_day(settings, MONDAY)
        (file,) = page_files(Lake(settings.lake).raw_folder(MONDAY))
        assert json.loads(read_lines(file)[0]) == record
