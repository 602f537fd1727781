"""What Superset sees of the published file: the SQL by which each of its connections begins."""

import os
from pathlib import Path
from typing import Any

HOME = Path(os.environ["TRIALHOUSE_HOME"]).resolve()
PUBLISHED_FILE = HOME / "warehouse" / "trials.duckdb"
QUALITY_DIARY = HOME / "warehouse" / "quality"
RUNS = HOME / "warehouse" / "runs"
MEMORY = os.environ.get("TRIALHOUSE_DASHBOARDS_MEMORY", "2GB")

# Registry text is untrusted: `harmless` leaves no HTML tag in it and nothing that turns its direction. Only
# `trial_link` makes a tag, of an NCT id.
MACROS = (
    """
    create temp macro harmless(words) as regexp_replace(
        regexp_replace(words, '<([a-zA-Z/!?])', '< \\1', 'g'),
        '[\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]', '', 'g'
    )
    """,
    """
    create temp macro in_words(value) as
    case value
        when 'true' then 'Yes'
        when 'false' then 'No'
        else harmless(
            replace(replace(coalesce(value, ''), ' ESTIMATED', ' (estimated)'), ' ACTUAL', ' (actual)')
        )
    end
    """,
    """
    create temp macro code_in_words(code) as
    upper(left(code, 1)) || replace(replace(lower(substr(code, 2)), '_', ' '), 'phase', 'phase ')
    """,
    """
    create temp macro trial_link(nct_id) as
    if(
        regexp_full_match(nct_id, 'NCT[0-9]{8}'),
        '<a href="/trial/' || nct_id || '">' || nct_id || '</a>',
        'no NCT id'
    )
    """,
)
DIARY = {
    "snapshot_date": "date",
    "parity": "struct(codes_compared bigint, largest_difference bigint)",
    "drift": "struct(unknown_fields bigint, unknown_values bigint)",
    "gates": "struct(passed varchar[], released varchar[], warned varchar[])",
}
STEP_RUNS = {
    "snapshot_date": "date",
    "pipeline": "varchar",
    "step": "varchar",
    "started_at": "timestamp",
    "seconds": "double",
    "outcome": "varchar",
}


def opening_statements() -> tuple[str, ...]:
    """SQL that gives an empty DuckDB the published file, our macros, and no way to other files."""
    return (
        f"set memory_limit = {_quoted(MEMORY)}",
        f"attach {_quoted(PUBLISHED_FILE)} as trials (read_only)",
        *MACROS,
        _table_of("quality_diary", QUALITY_DIARY, "*.json", DIARY),
        _table_of("step_runs", RUNS, "*.jsonl", STEP_RUNS),
        "use trials.marts",
        f"set allowed_directories = [{_quoted(f'{QUALITY_DIARY}/')}, {_quoted(f'{RUNS}/')}]",
        "set enable_external_access = false",
        "set lock_configuration = true",
    )


def _table_of(name: str, folder: Path, pattern: str, columns: dict[str, str]) -> str:
    """A table macro over the JSON of a folder; without rows while there is none."""
    typed = ", ".join(f"{column}: {_quoted(kind)}" for column, kind in columns.items())
    rows = f"select * from read_json({_quoted(folder / pattern)}, columns = {{{typed}}})"
    if not any(folder.glob(pattern)):
        nothing = ", ".join(f"cast(null as {kind}) as {column}" for column, kind in columns.items())
        rows = f"select {nothing} where false"
    return f"create temp macro {name}() as table {rows}"


def _quoted(value: Any) -> str:
    return "'" + str(value).replace("'", "''") + "'"
