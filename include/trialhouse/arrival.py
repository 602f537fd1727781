"""The small tables that the suites on arrival judge: one a suite, from the lake alone."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from trialhouse.contract import description_changes
from trialhouse.drift import create_changed_fields
from trialhouse.duckdb_session import working_connection
from trialhouse.judging import frame, suite_module, table_of
from trialhouse.lake import Lake, Manifest
from trialhouse.presence import described_presence, presence_rows, version_rows
from trialhouse.registry import COUNTED_PIECES

CHANGED = "from before inner join today using (nct_id) where before.content_hash <> today.content_hash"


def arrival_tables(
    lake: Lake, day: date, good_days: list[date], spill_folder: Path
) -> Iterator[tuple[str, Any]]:
    """Suite name and data frame, for one landed day beside the newest of the earlier days that are good."""
    manifest = lake.manifest(day)
    good_day = good_days[-1] if good_days else None
    with working_connection(spill_folder) as con:
        _create_inputs(con, lake, day, good_day)
        yield "raw_ctgov__snapshots", frame(_snapshot_row(con, lake, manifest, good_day or day))
        columns = suite_module("raw_ctgov__descriptions").COLUMNS
        yield "raw_ctgov__descriptions", frame(description_changes(lake, day, good_days), columns)
        yield "raw_ctgov__studies", table_of(con, "raw_ctgov__studies")
        aliases = table_of(con, "raw_ctgov__aliases", has_good_day=good_day is not None)
        yield "raw_ctgov__aliases", aliases
        if good_day:
            yield from _field_tables(con, (day - good_day).days)
        if manifest.registry_counts:
            _create_registry_counts(con, manifest)
            allowed = manifest.quarantined_count + manifest.artefact_count
            yield "raw_ctgov__counts", table_of(con, "raw_ctgov__counts", certain_difference=allowed)


def _create_inputs(con: duckdb.DuckDBPyConnection, lake: Lake, day: date, good_day: date | None) -> None:
    """`today` and `before`: presence of the two days, `today` in full; `versions`: every one of the lake."""
    con.execute(f"create table today as {described_presence(lake, day)}")
    con.execute(f"create table before as {presence_rows(lake, [good_day or day])}")
    con.execute(f"create view versions as {version_rows(lake)}")


def _field_tables(con: duckdb.DuckDBPyConnection, days: int) -> Iterator[tuple[str, Any]]:
    """What of the records of the last good day, so many days ago, changed and vanished, field by field."""
    create_changed_fields(con)
    fields, changes = suite_module("raw_ctgov__fields"), suite_module("raw_ctgov__changes")
    yield "raw_ctgov__fields", frame(fields.table(con), fields.COLUMNS)
    yield "raw_ctgov__changes", frame(changes.table(con, _count(con, "from before"), days), changes.COLUMNS)


def _snapshot_row(
    con: duckdb.DuckDBPyConnection, lake: Lake, manifest: Manifest, good_day: date
) -> dict[str, list[Any]]:
    """The manifest's own numbers, but for those counted against the last good day."""
    suite = suite_module("raw_ctgov__snapshots")
    row = {name: [getattr(manifest, name)] for name in suite.MANIFEST_COLUMNS}
    most = suite.most_counts(_count(con, "from before"), (manifest.snapshot_date - good_day).days)
    counted = {field.piece for field in manifest.registry_counts}
    return row | {
        **{name: [value] for name, value in most.items()},
        "vanished_count": [_count(con, "from before anti join today using (nct_id)")],
        "changed_count": [_count(con, CHANGED)],
        "damaged_count": [len(list(lake.damaged_files(manifest.snapshot_date)))],
        "drift_count": [len(manifest.drift)],
        "missing_counts": [len(set(COUNTED_PIECES) - counted)],
    }


def _count(con: duckdb.DuckDBPyConnection, from_clause: str) -> int:
    ((count,),) = con.execute(f"select count(*) {from_clause}").fetchall()
    return int(count)


def _create_registry_counts(con: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Table `registry_counts`: piece, code (NULL: missing), studies_count as the registry publishes them."""
    con.execute("create table registry_counts (piece varchar, code varchar, studies_count bigint)")
    rows: list[tuple[str, str | None, int]] = []
    for field in manifest.registry_counts:
        rows += [(field.piece, top.value, top.studiesCount) for top in field.topValues]
        rows.append((field.piece, None, field.missingStudiesCount))
    con.executemany("insert into registry_counts values (?, ?, ?)", rows)
