"""Build the marts with dbt in a private file: a pure function of the lake's landed days.

While one process writes a DuckDB file no other can open it, so dbt never touches what readers have open.
"""

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import msgspec

from trialhouse.aact_views import create_aact_views
from trialhouse.comments import write_comments
from trialhouse.duckdb_session import memory_limit
from trialhouse.errors import BuildFailed
from trialhouse.judging import write_json
from trialhouse.lake import Lake, exclusive, remove, write_atomically
from trialhouse.raw_tables import create_raw_tables, create_record_tables
from trialhouse.raw_verdicts import held_days
from trialhouse.room import shortage_is_told
from trialhouse.settings import PROJECT, Settings

log = logging.getLogger(__name__)

DBT_PROJECT = PROJECT / "dbt_project"
# What dbt makes of the project's files, by their hash: it takes seconds and is the same for every home.
_READ_PROJECTS: dict[str, Any] = {}
# Updated rows lie at the end of their tables; so often a file is updated before it is written anew.
MOST_UPDATES = 30


class BuildReceipt(msgspec.Struct, frozen=True):
    """Which build the build file holds and for which day it was made; gate and publish refer to it.

    code: hash of the project that made it. updates_count: how many builds ago every table was written anew.
    """

    build_id: str
    snapshot_date: date
    newest_snapshot_date: date
    snapshots_count: int
    code: str = ""
    updates_count: int = 0


def build_marts(settings: Settings, snapshot_date: date) -> BuildReceipt:
    """Build every mart into `settings.build_file`, from all days up to the one asked for or published.

    A day that a gate holds is left out until it is judged green; a day that lands meanwhile waits.

    Raises:
        BuildFailed: the day has not landed or is held, or dbt ended red; the published file is untouched.
        DiskFull, MemoryFull: no room for the build; the published file is untouched.
    """
    lake = Lake(settings.lake)
    days = _days_to_build(settings, lake, snapshot_date)
    if snapshot_date not in days:
        raise BuildFailed(f"{snapshot_date} has not landed in {settings.lake}, or a gate holds it")
    with shortage_is_told(settings.home), exclusive(settings.build_lock):
        return _build(settings, lake, days, snapshot_date)


def _build(settings: Settings, lake: Lake, days: list[date], snapshot_date: date) -> BuildReceipt:
    for leftover in (
        settings.build_receipt,
        settings.gate_receipt,
        settings.build_file,
        settings.scratch_file,
    ):
        remove(leftover)
    settings.spill_folder.mkdir(parents=True, exist_ok=True)
    create_raw_tables(settings, lake, days)
    updates_count = _begin_build_file(settings, lake)
    run_dbt(settings, ["build", "--exclude-resource-type", "unit_test", "--no-write-json"])
    with duckdb.connect(str(settings.build_file), config={"max_vacuum_tasks": "0"}) as con:
        create_aact_views(con)
        write_comments(con)
    receipt = BuildReceipt(uuid4().hex, snapshot_date, days[-1], len(days), code_of_project(), updates_count)
    write_atomically(settings.build_receipt, msgspec.json.encode(receipt))
    log.info("built build_id=%s newest=%s days=%d", receipt.build_id, days[-1], len(days))
    return receipt


def _begin_build_file(settings: Settings, lake: Lake) -> int:
    """Begin with a copy of what is published, if the same code made it and few trials changed since.

    Returns how many builds in a row have updated a file; 0 for a new one.
    """
    published = published_build(settings)
    may_update = (
        published is not None
        and settings.published_file.exists()
        and published.code == code_of_project()
        and published.updates_count < MOST_UPDATES
    )
    if create_record_tables(settings, lake, may_update=may_update):
        shutil.copyfile(settings.published_file, settings.build_file)
        return published.updates_count + 1 if published else 1
    return 0


@cache
def code_of_project() -> str:
    """Hash of everything that decides what a build makes of a lake; an update by other code would mix two."""
    files = sorted(
        file
        for folder in (DBT_PROJECT, PROJECT / "include")
        for file in folder.rglob("*")
        if file.suffix in (".sql", ".yml", ".csv", ".py", ".json")
    )
    hashed = hashlib.blake2b(digest_size=16)
    for file in files:
        hashed.update(str(file.relative_to(PROJECT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return hashed.hexdigest()


def finished_build(settings: Settings) -> BuildReceipt:
    """The receipt of the newest build.

    Raises:
        BuildFailed: no build has finished.
    """
    try:
        return msgspec.json.decode(settings.build_receipt.read_bytes(), type=BuildReceipt)
    except (OSError, msgspec.DecodeError) as error:
        raise BuildFailed(f"there is no finished build; run `trialhouse build` first ({error})") from error


def published_build(settings: Settings) -> BuildReceipt | None:
    """The receipt of the build that readers see now."""
    if not settings.published_receipt.exists():
        return None
    return msgspec.json.decode(settings.published_receipt.read_bytes(), type=BuildReceipt)


def published_days(settings: Settings) -> set[date]:
    """The days that readers see now."""
    if not settings.published_file.exists():
        return set()
    with duckdb.connect(str(settings.published_file), read_only=True) as con:
        return {day for (day,) in con.execute("select snapshot_date from marts.dim_snapshots").fetchall()}


def awaits_build(settings: Settings, day: date) -> bool:
    """Whether a landed day, not held, is not published, or not wholly: a run died on the way."""
    if not Lake(settings.lake).has(day) or day in held_days(settings):
        return False
    return day not in published_days(settings) or _is_half_published(settings)


def _is_half_published(settings: Settings) -> bool:
    """The file was swapped in, but what comes after it in a publish is of the build before."""
    days, receipt = published_days(settings), published_build(settings)
    return bool(days) and (
        receipt is None or (receipt.snapshots_count, receipt.newest_snapshot_date) != (len(days), max(days))
    )


def run_unit_tests(settings: Settings) -> None:
    """Run dbt's unit tests against the relations of the last build.

    Raises:
        BuildFailed: a unit test is red.
    """
    run_dbt(settings, ["test", "--select", "test_type:unit"])


def write_manifest(settings: Settings) -> Path:
    """Let dbt write its own description of the project (`manifest.json`); returns where."""
    invoke_dbt(settings, ["parse", "--write-json"])
    return settings.build_folder / "dbt" / "manifest.json"


def _days_to_build(settings: Settings, lake: Lake, snapshot_date: date) -> list[date]:
    published = published_build(settings)
    newest = max(snapshot_date, published.newest_snapshot_date) if published else snapshot_date
    held = held_days(settings)
    return [day for day in lake.days() if day <= newest and day not in held]


def run_dbt(settings: Settings, command: list[str]) -> None:
    """One dbt invocation in this process, with the project as dbt has read it before.

    Raises:
        BuildFailed: names every red node.
    """
    code = code_of_project()
    if code not in _READ_PROJECTS:
        _READ_PROJECTS[code] = invoke_dbt(settings, ["parse"]).result
    outcome = invoke_dbt(settings, command, manifest=_READ_PROJECTS[code])
    write_json(settings.build_folder / "timings.json", _timings(outcome.result))
    if not outcome.success:
        raise BuildFailed(
            "dbt ended red, the published file is untouched:\n" + "\n".join(_red_nodes(outcome.result))
        )


def invoke_dbt(settings: Settings, command: list[str], manifest: Any = None) -> Any:
    """One dbt invocation in this process; what dbt answers.

    Raises:
        BuildFailed: it could not run at all.
    """
    from dbt.cli.main import dbtRunner

    arguments = [
        *command,
        *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        *(
            "--target-path",
            str(settings.build_folder / "dbt"),
            "--log-path",
            str(settings.logs_folder / "dbt"),
        ),
        *("--quiet", "--no-use-colors", "--no-send-anonymous-usage-stats", "--no-version-check"),
        *("--log-level-file", "info"),
    ]
    with _dbt_environment(settings):
        try:
            outcome = dbtRunner(manifest=manifest).invoke(arguments)
        finally:
            _release_dbt_files()
    if outcome.exception:
        raise BuildFailed(f"dbt could not run: {outcome.exception}") from outcome.exception
    return outcome


def _timings(result: Any) -> list[dict[str, object]]:
    """What each node of a run cost: its layer, its name, seconds."""
    return [
        {
            "layer": node.node.resource_type + " " + getattr(node.node, "schema", ""),
            "name": node.node.name,
            "seconds": node.execution_time,
        }
        for node in getattr(result, "results", [])
    ]


def _red_nodes(result: Any) -> list[str]:
    """What failed, by name, in dbt's own words."""
    return [f"{node.node.name}: {node.message}" for node in result if node.status in ("error", "fail")]


def _release_dbt_files() -> None:
    """dbt-duckdb keeps its files open while the process lives; the gate and the next build need them."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager.env().close()
        DuckDBConnectionManager.close_all_connections()


@contextmanager
def _dbt_environment(settings: Settings) -> Iterator[None]:
    """The variables that `profiles.yml` reads, for the time of one run."""
    variables = {
        "TRIALHOUSE_BUILD_FILE": str(settings.build_file),
        "TRIALHOUSE_SCRATCH_FILE": str(settings.scratch_file),
        "TRIALHOUSE_SPILL_FOLDER": str(settings.spill_folder),
        "TRIALHOUSE_MEMORY_LIMIT": memory_limit(),
    }
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
