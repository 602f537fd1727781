"""Days that were not built, held or landed late: what the days after them publish and tell."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest

from alert_builders import told
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
from trialhouse import gates
from trialhouse.alerts import alert_day
from trialhouse.errors import BuildFailed, GateFailed
from trialhouse.publish import publish
from trialhouse.raw_verdicts import held_days
from trialhouse.settings import Settings
from trialhouse.slack_stand_in import running_slack
from trialhouse.sync import sync_day
from trialhouse.warehouse import awaits_build, build_marts, published_build

THURSDAY = date(2026, 1, 8)


@contextmanager
def home_with_slack(registry: MadeUpRegistry, home: Path) -> Iterator[tuple[Settings, Path]]:
    with (
        home_of(registry, home) as settings,
        running_slack(home / "slack") as (address, messages_file),
        pytest.MonkeyPatch.context() as patch,
    ):
        connection = f'{{"conn_type":"slackwebhook","host":"{address}/services","password":"T0/B0/X0"}}'
        patch.setenv("AIRFLOW_CONN_TRIALHOUSE_SLACK", connection)
        yield settings, messages_file


def published(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(settings.published_file), read_only=True) as con:
        return con.execute(query).fetchall()


def test_a_stop_on_a_day_whose_build_never_ran_is_told_by_the_next_day(tmp_path: Path) -> None:
    stopped = with_status("SUSPENDED", "NCT90000002")
    registry = MadeUpRegistry(
        {
            MONDAY: [a_study(), a_study("NCT90000002")],
            TUESDAY: [a_study(), stopped],
            WEDNESDAY: [with_status("COMPLETED"), stopped],
        }
    )
    with home_with_slack(registry, tmp_path) as (settings, messages_file):
        sync_day(settings, MONDAY)
        build_and_publish(settings, MONDAY)
        alert_day(settings, MONDAY)
        sync_day(settings, TUESDAY)
        assert awaits_build(settings, TUESDAY)
        sync_day(settings, WEDNESDAY)
        assert build_and_publish(settings, WEDNESDAY) == []
        assert not awaits_build(settings, TUESDAY)
        assert alert_day(settings, WEDNESDAY).sent == 1
        assert alert_day(settings, TUESDAY).sent == 0
        assert told(messages_file) == ["NCT90000002"]


def test_days_after_a_held_one_are_published_and_know_its_versions(tmp_path: Path) -> None:
    broken = a_study("NCT90000001", identificationModule__briefTitle=None)
    new_on_the_held_day = a_study("NCT90000002")
    registry = MadeUpRegistry(
        {
            MONDAY: [a_study()],
            TUESDAY: [broken, new_on_the_held_day],
            WEDNESDAY: [a_study(), new_on_the_held_day],
            THURSDAY: [a_study()],
        }
    )
    with home_of(registry, tmp_path) as settings:
        for day in registry.days():
            sync_day(settings, day)
            if day == TUESDAY:
                with pytest.raises(GateFailed, match="records have brief_title"):
                    build_and_publish(settings, day)
                with pytest.raises(BuildFailed, match="a gate holds it"):
                    build_marts(settings, day)
            else:
                build_and_publish(settings, day)
        assert held_days(settings) == {TUESDAY}
        events = published(
            settings, "select snapshot_date, nct_id, event_type from marts.fct_trial_events order by 1"
        )
        assert events == [
            (WEDNESDAY, "NCT90000002", "NEWLY_LISTED"),
            (THURSDAY, "NCT90000002", "VANISHED"),
        ]
        assert published(settings, "select nct_id, is_in_registry from marts.dim_trials order by 1") == [
            ("NCT90000001", True),
            ("NCT90000002", False),
        ]


def test_a_late_day_is_built_into_the_past_without_taking_newer_days_away(tmp_path: Path) -> None:
    stopped = with_status("TERMINATED", statusModule__whyStopped="Low accrual")
    registry = MadeUpRegistry({MONDAY: [a_study()], TUESDAY: [stopped], WEDNESDAY: [stopped]})
    with home_with_slack(registry, tmp_path) as (settings, messages_file):
        for day in (MONDAY, WEDNESDAY, TUESDAY):
            sync_day(settings, day)
            build_and_publish(settings, day)
            alert_day(settings, day)
        events = published(
            settings,
            "select snapshot_date, event_type, observed_after::date, why_stopped from marts.fct_trial_events",
        )
        assert events == [(TUESDAY, "STATUS_TERMINATED", MONDAY, "Low accrual")]
        assert told(messages_file) == ["NCT90000001"]


def test_a_red_gate_on_the_marts_leaves_the_published_file_as_it_was(tmp_path: Path) -> None:
    registry = MadeUpRegistry({MONDAY: [a_study()], TUESDAY: [with_status("COMPLETED")]})
    with home_of(registry, tmp_path) as settings:
        sync_day(settings, MONDAY)
        build_and_publish(settings, MONDAY)
        before = (settings.published_file.read_bytes(), published_build(settings))
        sync_day(settings, TUESDAY)
        build_marts(settings, TUESDAY)
        with duckdb.connect(str(settings.build_file)) as con:
            con.execute("delete from parts.trials_as_observed")
        with pytest.raises(GateFailed, match="one row for every record the lake ever saw") as failure:
            gates.check_marts(settings, TUESDAY)
        page = settings.gates_folder / "snapshot_date=2026-01-06" / "dim_trials" / "index.html"
        assert str(page) in str(failure.value)
        assert page.exists()
        with pytest.raises(GateFailed, match="has not passed its gate"):
            publish(settings)
        assert (settings.published_file.read_bytes(), published_build(settings)) == before


def test_a_red_dbt_test_leaves_no_build_to_publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = MadeUpRegistry({MONDAY: [a_study()]})
    with home_of(registry, tmp_path) as settings:
        sync_day(settings, MONDAY)
        monkeypatch.setattr("trialhouse.warehouse.create_record_tables", lambda *_, **__: False)
        with pytest.raises(BuildFailed, match="dbt ended red"):
            build_marts(settings, MONDAY)
        with pytest.raises(BuildFailed, match="no finished build"):
            publish(settings)
        assert not settings.published_file.exists()
