"""The two borders: what arrived, what is about to be published; and the flag on trials that stopped."""

import json
import logging
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import duckdb

from trialhouse.arrival import arrival_tables
from trialhouse.errors import BuildFailed, SettingsInvalid
from trialhouse.gate_messages import stop_if_broken
from trialhouse.judging import Verdict, frame, judge, stored_verdicts, suite_module, table_of, write_json
from trialhouse.lake import Lake
from trialhouse.presence import PRESENCE_TYPES, parquet_rows
from trialhouse.presence_changes import CHANGE_TYPES, presence_files
from trialhouse.raw_verdicts import held_days, judged_days, record_verdict
from trialhouse.releases import Release, record_release
from trialhouse.room import shortage_is_told
from trialhouse.settings import Settings
from trialhouse.warehouse import finished_build, published_build

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)


Judged = TypeVar("Judged")


def _telling_of_a_shortage(
    step: Callable[[Settings, date], Judged],
) -> Callable[[Settings, date], Judged]:
    """Wherever a gate finds no room, on disk or in memory, the error says who acts."""

    @wraps(step)
    def told(settings: Settings, day: date) -> Judged:
        with shortage_is_told(settings.home):
            return step(settings, day)

    return told


@_telling_of_a_shortage
def check_raw(settings: Settings, day: date) -> None:
    """The border where data arrives: the day's records and its manifest.

    Raises:
        GateFailed: a rule is not met; the day is held, no build takes it in.
    """
    lake = Lake(settings.lake)
    judged = judged_days(settings)
    for earlier in lake.days():
        if earlier < day and earlier not in judged:
            _judge_raw(settings, lake, earlier)
    stop_if_broken(day, _judge_raw(settings, lake, day))


def _judge_raw(settings: Settings, lake: Lake, day: date) -> list[Verdict]:
    """Judge one landed day and remember the verdict; builds leave out a day judged red.

    The day is compared with the newest earlier one that is not held: a loss that lasts is not forgiven
    overnight.
    """
    good_days = [known for known in lake.days() if known < day and known not in held_days(settings)]
    verdicts = [
        judge(settings, day, suite_name, table)
        for suite_name, table in arrival_tables(lake, day, good_days, settings.spill_folder)
    ]
    record_verdict(settings, day, passed=not any(verdict.broken_rules for verdict in verdicts))
    return verdicts


def release_rule(settings: Settings, day: date, rule: str, reason: str, person: str) -> Release:
    """A person's word that a day goes on although it broke a rule, for exactly what the rule saw.

    Raises:
        SettingsInvalid: the rule does not hold the day, or no reason or no person is given.
    """
    verdicts = stored_verdicts(settings, day)
    broken = {verdict.name_of(each): each for verdict in verdicts for each in verdict.broken_rules}
    if rule not in broken:
        holding = ", ".join(sorted(broken)) or "none"
        raise SettingsInvalid(f"{rule} does not hold {day}; rules that do: {holding}")
    if not broken[rule]["result"]:
        raise SettingsInvalid(f"{rule} could not be judged on {day}: there is nothing seen to be released")
    return record_release(settings, day, rule, broken[rule]["seen"], reason, person)


def judge_held_days_anew(settings: Settings, day: date) -> dict[date, bool]:
    """Judge a day and those held after it, oldest first; returns which of them pass now."""
    lake = Lake(settings.lake)
    held = [each for each in lake.days() if each == day or (each > day and each in held_days(settings))]
    return {
        each: not any(verdict.broken_rules for verdict in _judge_raw(settings, lake, each)) for each in held
    }


@_telling_of_a_shortage
def check_marts(settings: Settings, day: date) -> None:
    """The border where data leaves: the finished build. The receipt it writes is what `publish` asks for.

    Raises:
        BuildFailed: there is no finished build to judge, or it was made for another day.
        GateFailed: a rule is not met; the build must not be published.
    """
    build = finished_build(settings)
    if build.snapshot_date != day:
        raise BuildFailed(f"the newest build was made for {build.snapshot_date}: build {day} again")
    if build == published_build(settings):
        log.info("published already build_id=%s", build.build_id)
        return
    settings.gate_receipt.unlink(missing_ok=True)
    stop_if_broken(day, _judge_build(settings, day))
    write_json(
        settings.gate_receipt, {"build_id": build.build_id, "snapshot_date": day.isoformat(), "passed": True}
    )


def _judge_build(settings: Settings, day: date) -> list[Verdict]:
    lake = Lake(settings.lake)
    with _open_build(settings, day) as connection:
        built_days = _built_days(connection, lake)
        facts = {"records_ever_seen": _records_ever_seen(connection, lake, built_days), "snapshot_date": day}
        days = {known for known in lake.days() if known <= day} - held_days(settings) | {day}
        marts = frame(suite_module("marts").table(connection, settings.published_file, days))
        trials = table_of(connection, "dim_trials")
        as_of = suite_module("trials_as_of")
        past = frame(as_of.table(connection, lake, built_days, day), as_of.COLUMNS)
        metrics = table_of(connection, "fct_quality_metrics", snapshot_date=day)
        criteria = table_of(connection, "fct_trial_criteria")
    return [
        judge(settings, day, "marts", marts),
        judge(settings, day, "dim_trials", trials, **facts),
        judge(settings, day, "trials_as_of", past),
        judge(settings, day, "fct_quality_metrics", metrics),
        judge(settings, day, "fct_trial_criteria", criteria),
    ]


@_telling_of_a_shortage
def flag_status_changes(settings: Settings, day: date) -> list[str]:
    """Mark the day's changes to a stopped status and go on; returns the keys of those events.

    Days whose build never got this far, and those a late day may have changed, are marked too.
    """
    with _open_build(settings, day) as connection:
        rows = connection.execute("select snapshot_date from marts.dim_snapshots order by all").fetchall()
        built = [known for (known,) in rows]
        if day not in built:
            raise BuildFailed(f"{day} is not in the build: build that day first")
        done = set(flagged_days(settings))
        for known in built:
            if known >= day or known not in done:
                _flag_day(settings, known, connection)
    return flagged_event_keys(settings, day)


def _flag_day(settings: Settings, day: date, connection: duckdb.DuckDBPyConnection) -> None:
    changes = table_of(connection, "fct_trial_events", snapshot_date=day)
    verdict = judge(settings, day, "fct_trial_events", changes)
    keys = [
        row["event_key"]
        for rule in verdict.result["results"]
        for row in rule["result"].get("unexpected_index_list") or []
    ]
    write_json(_flagged_file(settings, day), keys)
    log.info("flagged snapshot_date=%s changes=%d flagged=%d", day, len(changes), len(keys))


def flagged_event_keys(settings: Settings, day: date) -> list[str]:
    """The keys `flag_status_changes` left for a day."""
    file = _flagged_file(settings, day)
    if not file.exists():
        raise BuildFailed(f"nobody flagged the status changes of {day}: build that day first")
    keys: list[str] = json.loads(file.read_bytes())
    return keys


def flagged_days(settings: Settings) -> list[date]:
    """Every day whose changes were flagged, oldest first."""
    files = settings.gates_folder.glob("snapshot_date=*/flagged.json")
    return sorted(date.fromisoformat(file.parent.name.removeprefix("snapshot_date=")) for file in files)


def _flagged_file(settings: Settings, day: date) -> Path:
    return settings.gates_folder / f"snapshot_date={day}" / "flagged.json"


# ---------- tables


@contextmanager
def _open_build(settings: Settings, day: date) -> "Iterator[duckdb.DuckDBPyConnection]":
    """The build made for a day, read-only; once it was swapped in, the published file."""
    is_waiting = settings.build_file.exists() and finished_build(settings).snapshot_date == day
    file = settings.build_file if is_waiting else settings.published_file
    if not file.exists():
        raise BuildFailed(f"there is no build to judge at {file}: build the marts first")
    with duckdb.connect(file, read_only=True) as connection:
        yield connection


def _built_days(connection: duckdb.DuckDBPyConnection, lake: Lake) -> list[date]:
    """The landed days that a build has read, oldest first."""
    rows = connection.execute("select snapshot_date from marts.dim_snapshots order by all").fetchall()
    return [day for (day,) in rows if lake.has(day)]


def _records_ever_seen(connection: duckdb.DuckDBPyConnection, lake: Lake, days: list[date]) -> int:
    """Distinct ids that the lake lists on the days a build has read, counted past everything dbt did."""
    if not days:
        return 0
    listed = parquet_rows(presence_files(lake, days), CHANGE_TYPES | PRESENCE_TYPES)
    loaded = "content_hash is not null or version_date is not null"
    return int(
        connection.execute(f"select count(distinct nct_id) from ({listed}) where {loaded}").fetchall()[0][0]
    )
