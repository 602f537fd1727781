"""Superset for trialhouse: reads the published file, keeps its own metadata below TRIALHOUSE_HOME.

Every query opens the published file anew, read-only, in a DuckDB of its own: the next query after a publish
sees the new file, and no query holds up a publish. SQL can read nothing else but the quality diary and the
times of runs.
"""

import os
import re
from typing import Any

from flask import Blueprint, abort, redirect
from published_file import HOME, opening_statements
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.wrappers import Response

# With `openstreetmap` the browser may ask for the map behind the dots of sites; else it asks Superset alone.
IS_MAP_ASKED_FOR = os.environ.get("TRIALHOUSE_DASHBOARDS_MAP") == "openstreetmap"
MAP_HOSTS = ["https://tile.openstreetmap.org"] if IS_MAP_ASKED_FOR else []

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

trial_pages = Blueprint("trial_pages", __name__)
BLUEPRINTS = [trial_pages]


@trial_pages.route("/trial/<nct_id>")
def trial_page(nct_id: str) -> Response:
    """The Trial dashboard with this trial chosen, at an address that a message can name."""
    if not re.fullmatch(r"NCT\d{8}", nct_id, re.ASCII):
        abort(404)
    chosen = (
        f"(NATIVE_FILTER-trial:(extraFormData:(filters:!((col:nct_id,op:IN,val:!({nct_id})))),"
        f"filterState:(label:{nct_id},value:!({nct_id})),id:NATIVE_FILTER-trial,ownState:()))"
    )
    return redirect(f"/superset/dashboard/trial/?native_filters={chosen}")


@event.listens_for(Engine, "connect")
def open_published_file(connection: Any, _: Any) -> None:
    """Make a connection of Superset to DuckDB ready; those to its own metadata are left alone."""
    if type(connection).__module__ == "duckdb_engine":
        for statement in opening_statements():
            connection.execute(statement)
