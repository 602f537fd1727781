"""The public quality diary: a file of JSON a published day, with our counts and names and no text of theirs.

It says what was counted of the day, flagged and let through. It follows from the published file, the lake and
the gates alone: written again it is the same.
"""

from datetime import date
from typing import Any

import duckdb

from trialhouse.drift import UNKNOWN_FIELD, UNKNOWN_VALUE
from trialhouse.judging import Verdict, stored_verdicts, write_json
from trialhouse.lake import Lake
from trialhouse.settings import Settings

COUNTS = """
    select
        studies_count as records,
        new_count as new,
        returned_count as returned,
        changed_count as changed,
        silent_changed_count as silent,
        vanished_count as vanished,
        quarantined_count as quarantined
    from marts.dim_snapshots
    where snapshot_date = $day
"""
FLAGS = """
    select substr(metric, 6) as rule, counted
    from marts.fct_quality_metrics
    where snapshot_date = $day and starts_with(metric, 'rule.')
    order by rule
"""
TRENDS = """
    select metric, counted, least_before, most_before
    from marts.fct_quality_metrics
    where snapshot_date = $day and is_unusual
    order by metric
"""


def write_diary(settings: Settings, day: date) -> None:
    """Write the entries of published days without one, and from `day` on: a late day changes later ones."""
    with duckdb.connect(str(settings.published_file), read_only=True) as con:
        rows = con.execute("select snapshot_date from marts.dim_snapshots order by all").fetchall()
        for (known,) in rows:
            file = settings.quality_folder / f"{known}.json"
            if known >= day or not file.exists():
                write_json(file, _entry(settings, con, known))


def _entry(settings: Settings, con: duckdb.DuckDBPyConnection, day: date) -> dict[str, Any]:
    manifest = Lake(settings.lake).manifest(day)
    kinds = [each.kind for each in manifest.drift]
    verdicts = stored_verdicts(settings, day)
    (counts,) = _rows(con, COUNTS, day)
    return {
        "snapshot_date": day.isoformat(),
        "data_timestamp": manifest.data_timestamp.isoformat(),
        "counts": counts,
        "parity": _parity(verdicts),
        "drift": {
            "unknown_fields": kinds.count(UNKNOWN_FIELD),
            "unknown_values": kinds.count(UNKNOWN_VALUE),
        },
        "flags": {row["rule"]: row["counted"] for row in _rows(con, FLAGS, day)},
        "trends_out_of_range": _rows(con, TRENDS, day),
        "gates": _gates(verdicts),
    }


def _parity(verdicts: list[Verdict]) -> dict[str, int] | None:
    """Our counts beside the registry's own; nothing where it publishes none."""
    figures = [each.result.get("figures") for each in verdicts if _suite(each) == "raw_ctgov__counts"]
    return figures[0] if figures else None


def _gates(verdicts: list[Verdict]) -> dict[str, Any]:
    """Which suites passed, which rules a person let go on, which ones only warned."""
    return {
        "passed": [_suite(each) for each in verdicts if not each.broken_rules],
        "released": [each.name_of(rule) for each in verdicts for rule in each.released_rules],
        "warned": [each.name_of(rule) for each in verdicts for rule in each.raised_flags],
    }


def _suite(verdict: Verdict) -> str:
    return str(verdict.result["suite_name"])


def _rows(con: duckdb.DuckDBPyConnection, query: str, day: date) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = con.execute(query, {"day": day}).to_arrow_table().to_pylist()
    return rows
