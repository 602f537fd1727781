"""The registry's code lists, read from the dbt seeds: one place for codes and labels."""

import csv
from functools import cache

from trialhouse.settings import PROJECT

OVERALL_STATUSES = "ctgov_overall_statuses"


@cache
def code_list(seed: str) -> tuple[dict[str, str], ...]:
    """The rows of a seed by column."""
    with (PROJECT / "dbt_project" / "seeds" / f"{seed}.csv").open(encoding="utf-8", newline="") as rows:
        return tuple(csv.DictReader(rows))


def codes(seed: str) -> list[str]:
    return [row["code"] for row in code_list(seed)]


def plain_label(seed: str, code: str) -> str | None:
    """What a code means in plain words; nothing for a code nobody knows."""
    return next((row["plain_label"] for row in code_list(seed) if row["code"] == code), None)
