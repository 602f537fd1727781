"""Days landed by hand, without a registry: presence, versions, a manifest of made-up records; builds too."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from trialhouse.download import write_lines
from trialhouse.lake import Lake, Manifest
from trialhouse.presence import NCT_ID_PATH, SWEEP_COLUMNS, version_rows
from trialhouse.record_type import typed_records
from trialhouse.settings import Settings

ALIASES_PATH = "protocolSection.identificationModule.nctIdAliases"
DAY = date(2026, 2, 17)
BUILD = {
    "build_id": "build-1",
    "snapshot_date": "2026-02-17",
    "newest_snapshot_date": "2026-02-17",
    "snapshots_count": 1,
}
MARTS = """
    create schema marts;
    create table marts.dim_snapshots (snapshot_date date);
    create table marts.dim_trials (
        nct_id varchar, overall_status varchar, brief_title varchar, last_snapshot_date date,
        eligibility_criteria varchar
    );
    create table marts.fct_trial_criteria (nct_id varchar, criterion_kind varchar, criterion_role varchar);
    create table marts.fct_status_history (nct_id varchar, status varchar);
    create table marts.fct_trial_events (
        event_key varchar, nct_id varchar, event_type varchar, snapshot_date date, before_value varchar,
        after_value varchar
    );
    create table marts.fct_quality_metrics (
        metric varchar, snapshot_date date, counted bigint, least_before bigint, most_before bigint,
        is_unusual boolean
    )
"""
CRITERIA = "Inclusion Criteria:\n\n* Adults\n\n**Exclusion criteria:**\n\n* None"
TRIALS = [f"NCT9000000{number}" for number in range(1, 6)]


def a_presence_row(nct_id: str, **changes: Any) -> dict[str, Any]:
    row = {
        "nct_id": nct_id,
        "content_hash": f"hash of {nct_id}",
        "overall_status": "RECRUITING",
        "study_type": "INTERVENTIONAL",
        "brief_title": f"A made-up trial {nct_id}",
        "lead_sponsor_name": "Example Pharma",
        "last_update_post_date": "2026-02-16",
    }
    return row | changes


def five_rows() -> list[dict[str, Any]]:
    return [a_presence_row(nct_id) for nct_id in TRIALS]


def rows_of(count: int) -> list[dict[str, Any]]:
    return [a_presence_row(f"NCT9{number:07}") for number in range(count)]


def a_record(row: dict[str, Any]) -> bytes:
    """A record that is listed as the row says."""
    record: dict[str, Any] = {"hasResults": False}
    for column in SWEEP_COLUMNS:
        if row.get(column.name) is not None:
            put(record, column.path.split("."), row[column.name])
    put(record, NCT_ID_PATH.split("."), row["nct_id"])
    if "aliases" in row:
        put(record, ALIASES_PATH.split("."), row["aliases"])
    return json.dumps(record).encode()


def put(record: dict[str, Any], names: list[str], value: Any) -> None:
    for name in names[:-1]:
        record = record.setdefault(name, {})
    record[names[-1]] = value


def write_versions(lake: Lake, day: date, rows: list[dict[str, Any]]) -> dict[str, date]:
    """Versions of contents that no earlier day has; returns under which day each row's version lies."""
    with duckdb.connect() as con:
        earlier = con.execute(
            f"select nct_id, content_hash, snapshot_date from ({version_rows(lake)})"
            " where snapshot_date <> ?",
            [day],
        ).fetchall()
        known = {(nct_id, content_hash): landed for nct_id, content_hash, landed in earlier}
        new = [
            row for row in rows if row["content_hash"] and (row["nct_id"], row["content_hash"]) not in known
        ]
        file = lake.versions_file(day)
        if new:
            file.parent.mkdir(parents=True, exist_ok=True)
            page = file.with_name("page-00001.jsonl.zst")
            write_lines(page, [a_record(row) for row in new])
            con.register("hashes", pa.Table.from_pylist(new))
            con.execute(f"""
                copy (
                    select nct_id, content_hash, studies.* from {typed_records([page])} as studies
                    inner join hashes on studies.{NCT_ID_PATH} = hashes.nct_id
                ) to '{file}' (format parquet)
            """)
    return {row["nct_id"]: known.get((row["nct_id"], row["content_hash"]), day) for row in rows}


def land(settings: Settings, day: date, rows: list[dict[str, Any]], **changes: Any) -> None:
    """A landed day: versions, presence, manifest."""
    lake = Lake(settings.lake)
    version_dates = write_versions(lake, day, rows)
    present = {
        "nct_id": [row["nct_id"] for row in rows],
        "version_date": [version_dates[row["nct_id"]] if row["content_hash"] else None for row in rows],
        "read_on": [day for _ in rows],
    }
    lake.presence_file(day).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(present), lake.presence_file(day))
    values: dict[str, Any] = {
        "snapshot_date": day,
        "data_timestamp": datetime(day.year, day.month, day.day, 9, 0, 5),
        "data_timestamp_after": datetime(day.year, day.month, day.day, 9, 0, 5),
        "api_version": "2.0.5",
        "sync_mode": "full",
        "landed_at": datetime(2026, 11, 22, tzinfo=UTC),
        "trialhouse_version": "0.1.0",
        "total_count": len(rows),
        "listed_count": len(rows),
        "studies_count": len(rows),
        "previous_snapshot_date": None,
        "files": {},
    }
    counts = {name: 0 for name in Manifest.__struct_fields__ if name.endswith("_count")}
    lake.write_manifest(Manifest(**(counts | values | changes)))


def write_marts(
    file: Path,
    trials: list[str] = TRIALS,
    days: tuple[date, ...] = (DAY,),
    events: list[tuple[str, str, str, str]] | None = None,
    more_stretches: tuple[str, ...] = (),
    metrics: Sequence[tuple[str, int, bool]] = (),
) -> None:
    """A warehouse file with the marts the gates read.

    Of DAY: events are (key, nct_id, type, new status), metrics (metric, counted, is_unusual).
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with duckdb.connect(file) as con:
        con.execute(MARTS)
        for metric, counted, is_unusual in metrics:
            con.execute(
                "insert into marts.fct_quality_metrics values (?, ?, ?, 4, 6, ?)",
                [metric, DAY, counted, is_unusual],
            )
        for day in days:
            con.execute("insert into marts.dim_snapshots values (?)", [day])
        for nct_id in trials:
            con.execute(
                "insert into marts.dim_trials values (?, 'RECRUITING', 'Title', ?, ?)",
                [nct_id, days[-1], CRITERIA],
            )
        for nct_id in (*trials, *more_stretches):
            con.execute("insert into marts.fct_status_history values (?, 'RECRUITING')", [nct_id])
        for key, nct_id, event_type, status in events or []:
            con.execute(
                "insert into marts.fct_trial_events values (?, ?, ?, ?, 'RECRUITING', ?)",
                [key, nct_id, event_type, DAY, status],
            )


def build(settings: Settings, **marts: Any) -> None:
    """A finished build over a landed day of five records."""
    land(settings, DAY, five_rows())
    write_marts(settings.build_file, **marts)
    (settings.build_folder / "build.json").write_text(json.dumps(BUILD))
