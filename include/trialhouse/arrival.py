"""The small tables that the suites on arrival judge: one a suite, from the lake alone."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from trialhouse.duckdb_session import working_connection
from trialhouse.judging import frame, suite_module, table_of
from trialhouse.lake import Lake, Manifest
from trialhouse.presence import described_presence, presence_rows, version_rows
from trialhouse.registry import COUNTED_PIECES


def arrival_tables(
    lake: Lake, day: date, good_day: date | None, spill_folder: Path
) -> Iterator[tuple[str, Any]]:
    """Suite name and data frame, for one landed day beside the newest earlier day that is not held."""
    manifest = lake.manifest(day)
    with working_connection(spill_folder) as con:
        _create_inputs(con, lake, day, good_day)
        yield "raw_ctgov__snapshots", frame(_snapshot_row(con, manifest))
        yield "raw_ctgov__studies", table_of(con, "raw_ctgov__studies")
        if good_day:
            rows = suite_module("raw_ctgov__fields").table(con)
            columns = ("path", "had_count", "lost_count", "allowed_count")
            yield "raw_ctgov__fields", frame({name: [row[name] for row in rows] for name in columns})
        if manifest.registry_counts:
            _create_registry_counts(con, manifest)
            allowed = manifest.quarantined_count + manifest.artefact_count
            yield "raw_ctgov__counts", table_of(con, "raw_ctgov__counts", certain_difference=allowed)


def _create_inputs(con: duckdb.DuckDBPyConnection, lake: Lake, day: date, good_day: date | None) -> None:
    """`today` and `before`: presence of the two days, `today` in full; `versions`: every one of the lake."""
    con.execute(f"create table today as {described_presence(lake, day)}")
    con.execute(f"create table before as {presence_rows(lake, [good_day or day])}")
    con.execute(f"create view versions as {version_rows(lake)}")


def _snapshot_row(con: duckdb.DuckDBPyConnection, manifest: Manifest) -> dict[str, list[Any]]:
    """The manifest's own numbers, but for the vanished: counted against the last good day."""
    counted = {field.piece for field in manifest.registry_counts}
    names = suite_module("raw_ctgov__snapshots").MANIFEST_COLUMNS
    row = {name: [getattr(manifest, name)] for name in names}
    vanished = con.execute("select count(*) from before anti join today using (nct_id)").fetchall()[0][0]
    return row | {
        "vanished_count": [vanished],
        "drift_count": [len(manifest.drift)],
        "missing_counts": [len(set(COUNTED_PIECES) - counted)],
    }


def _create_registry_counts(con: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Table `registry_counts`: piece, code (NULL: missing), studies_count as the registry publishes them."""
    con.execute("create table registry_counts (piece varchar, code varchar, studies_count bigint)")
    rows: list[tuple[str, str | None, int]] = []
    for field in manifest.registry_counts:
        rows += [(field.piece, top.value, top.studiesCount) for top in field.topValues]
        rows.append((field.piece, None, field.missingStudiesCount))
    con.executemany("insert into registry_counts values (?, ?, ?)", rows)
