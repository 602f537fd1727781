"""A build that updates the published file has the rows of a build that writes every table anew."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from builders import build_and_publish, home_of, real_data
from trialhouse import raw_tables, warehouse
from trialhouse.lake import remove
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.replayed import ReplayedRegistry
from trialhouse.local_registry.source import StudySource
from trialhouse.settings import Settings
from trialhouse.sync import sync_day
from trialhouse.warehouse import build_marts, published_build

SCHEMAS = ("marts", "parts", "personal")


def differing_tables(one: Path, other: Path) -> list[str]:
    """Tables of two warehouse files that do not hold the same rows."""
    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only)")
        con.execute(f"attach '{other}' as other (read_only)")
        tables = [
            con.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = ? order by all",
                [name],
            ).fetchall()
            for name in ("one", "other")
        ]
        assert tables[0] == tables[1]
        assert {schema for schema, _ in tables[0]} == set(SCHEMAS)
        return [
            f"{schema}.{table}"
            for schema, table in tables[0]
            if con.execute(f"""
                select count(*) from (
                    (from one.{schema}.{table} except all from other.{schema}.{table})
                    union all
                    (from other.{schema}.{table} except all from one.{schema}.{table})
                )
            """).fetchall()
            != [(0,)]
        ]


def require_equal_to_a_new_build(settings: Settings, day: date) -> None:
    """Compare what is published with a build of the same days into a new file."""
    kept = settings.home / "updated.duckdb"
    settings.published_file.replace(kept)
    settings.published_receipt.unlink()
    build_marts(settings, day)
    assert differing_tables(kept, settings.build_file) == []
    remove(settings.published_versions)


def run_days(source: StudySource, home: Path, days: list[date], sync_mode: str) -> list[int]:
    """Publish day after day; how often each build had updated a file since one was written anew."""
    updates = []
    with home_of(source, home, sync_mode=sync_mode) as settings:
        for day in days:
            sync_day(settings, day)
            build_and_publish(settings, day)
            receipt = published_build(settings)
            assert receipt is not None
            updates.append(receipt.updates_count)
        require_equal_to_a_new_build(settings, max(days))
    return updates


@pytest.fixture(autouse=True)
def every_change_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_tables, "SHARE_UPDATED_AT_MOST", 1.0)


def test_days_of_the_generated_registry(tmp_path: Path) -> None:
    source = GeneratedRegistry(days=4)
    assert run_days(source, tmp_path, source.days(), "sweep") == list(range(4))


def test_days_that_land_late(tmp_path: Path) -> None:
    source = GeneratedRegistry(days=5)
    first, second, third, fourth, fifth = source.days()
    order = [first, fourth, second, fifth, third]
    assert run_days(source, tmp_path, order, "full") == list(range(5))


def test_real_days(tmp_path: Path) -> None:
    source = ReplayedRegistry(real_data("ctgov/daily"))
    assert run_days(source, tmp_path, source.days()[-5:], "full") == list(range(5))


def test_other_code_many_updates_and_many_changes_write_every_table_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = GeneratedRegistry(days=5)
    monkeypatch.setattr(warehouse, "MOST_UPDATES", 1)
    counts = []
    with home_of(source, tmp_path) as settings:
        for number, day in enumerate(source.days()):
            sync_day(settings, day)
            if number == 3:
                monkeypatch.setattr(raw_tables, "SHARE_UPDATED_AT_MOST", 0.0)
            if number == 4:
                monkeypatch.setattr(warehouse, "code_of_project", lambda: "another")
            build_and_publish(settings, day)
            receipt = published_build(settings)
            assert receipt is not None
            counts.append(receipt.updates_count)
    assert counts == [0, 1, 0, 0, 0]
