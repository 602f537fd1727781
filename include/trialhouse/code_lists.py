"""The registry's code lists, read from the dbt seed `ctgov_labels`: one place for codes and words."""

import csv
from dataclasses import dataclass
from functools import cache

from trialhouse.settings import PROJECT

LABELS_FILE = PROJECT / "dbt_project" / "seeds" / "ctgov_labels.csv"

AGENCY_CLASS = "agency_class"
ENROLLMENT_TYPE = "enrollment_type"
STATUS = "status"
STUDY_TYPE = "study_type"


@dataclass(frozen=True, slots=True)
class Words:
    """What a code means: in the registry's own words, and in plain ones."""

    label: str
    plain_label: str


@cache
def code_lists() -> dict[str, dict[str, Words]]:
    """Every list by name, in the registry's order."""
    lists: dict[str, dict[str, Words]] = {}
    with LABELS_FILE.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            words = Words(label=row["label"], plain_label=row["plain_label"])
            lists.setdefault(row["code_list"], {})[row["code"]] = words
    return lists


def codes(code_list: str) -> list[str]:
    return list(code_lists()[code_list])


def words_of(code_list: str, code: str | None) -> Words | None:
    """The words for a code; nothing for a code nobody knows."""
    return code_lists()[code_list].get(code) if code else None
