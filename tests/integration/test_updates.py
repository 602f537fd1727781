"""Updating the published file in small batches gives the rows of one batch in a new file."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from builders import build_and_publish, home_of, real_data
from trialhouse import raw_tables, warehouse
from trialhouse.history.backfill import backfill_history
from trialhouse.history.queue import HistoryWish
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.replayed import ReplayedRegistry
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
    """Compare what is published with a build of the same days, which must write every table anew, at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(raw_tables, "TRIALS_A_BATCH", 1_000_000)
        assert build_marts(settings, day).updates_count == 0
    assert differing_tables(settings.published_file, settings.build_file) == []


def published_updates(settings: Settings, days: list[date]) -> list[int]:
    """Publish day after day; how often each build had updated a file since one was written anew."""
    updates = []
    for day in days:
        sync_day(settings, day)
        build_and_publish(settings, day)
        receipt = published_build(settings)
        assert receipt is not None
        updates.append(receipt.updates_count)
    return updates


@pytest.fixture(autouse=True)
def every_change_is_small_and_batches_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_tables, "SHARE_UPDATED_AT_MOST", 1.0)
    monkeypatch.setattr(raw_tables, "TRIALS_A_BATCH", 97)


def test_days_of_the_generated_registry_until_the_code_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = GeneratedRegistry(days=3)
    first, *later = source.days()
    with home_of(source, tmp_path, sync_mode="sweep") as settings:
        assert published_updates(settings, [first]) == [0]
        backfill_history(settings, HistoryWish(nct_ids=tuple(source.nct_ids(first)[:40])))
        assert published_updates(settings, later) == [1, 2]
        with duckdb.connect(str(settings.published_file), read_only=True) as con:
            counted = con.execute("select count(*) from marts.fct_trial_versions where source = 'HISTORY'")
            assert counted.fetchall()[0][0] > 100
        monkeypatch.setattr(warehouse, "code_of_project", lambda: "another")
        require_equal_to_a_new_build(settings, source.days()[-1])


@pytest.mark.torture
def test_days_that_land_late_until_many_trials_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = GeneratedRegistry(days=4)
    first, second, third, fourth = source.days()
    with home_of(source, tmp_path, sync_mode="full") as settings:
        assert published_updates(settings, [first, third, second, fourth]) == [0, 1, 2, 3]
        monkeypatch.setattr(raw_tables, "SHARE_UPDATED_AT_MOST", -1.0)
        require_equal_to_a_new_build(settings, fourth)


@pytest.mark.torture
def test_real_days_until_there_were_many_updates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = ReplayedRegistry(real_data("ctgov/daily"))
    days = source.days()[-3:]
    with home_of(source, tmp_path, sync_mode="full") as settings:
        assert published_updates(settings, days) == [0, 1, 2]
        monkeypatch.setattr(warehouse, "MOST_UPDATES", 2)
        require_equal_to_a_new_build(settings, days[-1])
