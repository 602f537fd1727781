"""What stands in `dashboards/assets`, read for tests."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from trialhouse.settings import PROJECT

ASSETS = PROJECT / "dashboards" / "assets"


@cache
def read(file: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded


def all_of(kind: str) -> list[dict[str, Any]]:
    return [read(file) for file in sorted((ASSETS / kind).rglob("*.yaml"))]


def dashboard(slug: str) -> dict[str, Any]:
    return read(ASSETS / "dashboards" / f"{slug}.yaml")


def charts_of(slug: str) -> list[str]:
    """Names of a dashboard's charts, from top to bottom."""
    parts = dashboard(slug)["position"]
    rows = [parts[row]["children"] for row in parts["GRID_ID"]["children"]]
    return [
        parts[part]["meta"]["sliceName"] for row in rows for part in row if parts[part]["type"] == "CHART"
    ]
