"""Superset for trialhouse: reads the published file, keeps its own metadata below TRIALHOUSE_HOME.

Every query opens the published file anew, read-only, in a DuckDB of its own: the next query after a publish
sees the new file, and no query holds up a publish. SQL can read nothing else but the quality diary and the
times of runs.
"""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

HOME = Path(os.environ["TRIALHOUSE_HOME"]).resolve()
PUBLISHED_FILE = HOME / "warehouse" / "trials.duckdb"
QUALITY_DIARY = HOME / "warehouse" / "quality"
RUNS = HOME / "warehouse" / "runs"
# With `openstreetmap` the browser may ask for the map behind the dots of sites; else it asks Superset alone.
IS_MAP_ASKED_FOR = os.environ.get("TRIALHOUSE_DASHBOARDS_MAP") == "openstreetmap"
MAP_HOSTS = ["https://tile.openstreetmap.org"] if IS_MAP_ASKED_FOR else []
MEMORY = os.environ.get("TRIALHOUSE_DASHBOARDS_MEMORY", "2GB")

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME}/superset/superset.db"
WTF_CSRF_ENABLED = True
FEATURE_FLAGS = {"ALERT_REPORTS": False, "THUMBNAILS": False}
ROW_LIMIT = 10_000
FILTER_SELECT_ROW_LIMIT = 1_000
# The browser asks nobody but Superset: no telemetry, no fonts, no pictures that a record may name.
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:", *MAP_HOSTS],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'", *MAP_HOSTS],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}
APP_NAME = "trialhouse"

# Registry text is untrusted: `harmless` leaves no HTML tag in it. Only `trial_link` makes one, of an NCT id.
TRIAL_PAGE = (
    "/superset/dashboard/trial/?native_filters=(NATIVE_FILTER-trial:(extraFormData:(filters:!((col:nct_id,"
    "op:IN,val:!(' || nct_id || ')))),filterState:(label:' || nct_id || ',value:!(' || nct_id || ')),"
    "id:NATIVE_FILTER-trial,ownState:()))"
)
MACROS = (
    "create temp macro harmless(words) as regexp_replace(words, '<([a-zA-Z/!?])', '< \\1', 'g')",
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
    f"""
    create temp macro trial_link(nct_id) as
    if(
        regexp_full_match(nct_id, 'NCT[0-9]{{8}}'),
        '<a href="{TRIAL_PAGE}">' || nct_id || '</a>',
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


@event.listens_for(Engine, "connect")
def open_published_file(connection: Any, _: Any) -> None:
    """Give a DuckDB connection of Superset the published file, our macros, and no way to other files."""
    if type(connection).__module__ != "duckdb_engine":
        return
    statements = (
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
    for statement in statements:
        connection.execute(statement)


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
