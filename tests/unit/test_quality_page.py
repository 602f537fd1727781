"""docs/quality.md names every rule there is, and none that is not."""

import csv
import importlib
import re
from datetime import date
from typing import Any

import pytest

from trialhouse.judging import suite_module
from trialhouse.settings import PROJECT

# Of Great Expectations' own imports; everything else counts.
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")

PAGE = (PROJECT / "docs" / "quality.md").read_text()
DBT = PROJECT / "dbt_project"
FACTS: dict[str, dict[str, Any]] = {
    "dim_trials": {"records_ever_seen": 1, "snapshot_date": date(2026, 11, 23)}
}


def rows_of_page() -> list[tuple[list[str], str, str]]:
    """Names of rules, level and thresholds of each row."""
    tables = PAGE[PAGE.index("## 1 ") : PAGE.index("## Left out")]
    rows = [line.strip("| ").split(" | ") for line in tables.splitlines() if line.startswith("| `")]
    return [(re.findall(r"`([^`]+)`", names), level, threshold) for names, _, level, threshold in rows]


def rules_of_suites() -> dict[str, str]:
    """Level by suite and rule, as Great Expectations has them."""
    files = (PROJECT / "expectations").glob("[!_]*.py")
    found = {}
    for name in (file.stem for file in files):
        for rule in suite_module(name).suite(**FACTS.get(name, {})).expectations:
            is_warning = rule.severity == "warning"
            found[f"{name}.{rule.meta['rule']}"] = "FLAG" if is_warning else "GATE"
    return found


def rules_of_rows() -> dict[str, str]:
    with (DBT / "seeds" / "quality_rules.csv").open() as file:
        return {row["rule"]: row["level"] for row in csv.DictReader(file)}


def test_the_page_has_the_seventeen_suites() -> None:
    assert re.findall(r"^## (\d+) ", PAGE, re.MULTILINE) == [str(number) for number in range(1, 18)]


def test_every_rule_is_on_the_page_once_with_its_level() -> None:
    named = [(name, level) for names, level, _ in rows_of_page() for name in names]
    judged = [(name, level) for name, level in named if name in rules_of_suites() | rules_of_rows()]
    levels = {name: "FLAG" if level == "TREND" and "." in name else level for name, level in judged}
    assert len(judged) == len(levels)
    assert levels == rules_of_suites() | rules_of_rows()


def test_whatever_else_the_page_names_exists() -> None:
    others = {name for names, *_ in rows_of_page() for name in names} - (
        rules_of_suites() | rules_of_rows()
    ).keys()
    tests = {file.stem.removeprefix("test_") for file in (DBT / "tests").rglob("*.sql")}
    modules = {name for name in others if name.startswith("trialhouse.")}
    assert others - modules <= tests
    assert all(importlib.import_module(name) for name in modules)
    assert len(modules) >= 4


def test_every_threshold_on_the_page_is_the_one_that_is_judged_by() -> None:
    compared = 0
    for names, _, threshold in rows_of_page():
        for constant, value in re.findall(r"`([A-Z_]+) = ([\d.]+)`", threshold):
            compared += 1
            for name in names:
                assert getattr(suite_module(name.partition(".")[0]), constant) == float(value), name
    assert compared >= 15
