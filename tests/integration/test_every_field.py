"""A made-up record that fills every field the registry has, through the whole road: no field is lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builders import MONDAY, MadeUpRegistry, Record, a_study, home_of
from integration.aact_oracle import aact_tables, with_keys_resolved
from integration.marts_oracle import (
    compare,
    lost_leaves,
    paths_without_column,
    report_text,
    study_with_every_field,
)
from trialhouse.record_type import leaf_paths, load_record_type
from trialhouse.sync import sync_day
from trialhouse.warehouse import build_marts

AGES = "eligibilityModule__minimumAge", "eligibilityModule__maximumAge"


def aged(number: int, *ages: str | None, **changes: Any) -> Record:
    """A trial for people of these ages."""
    given = {path: age for path, age in zip(AGES, ages, strict=False) if age}
    return a_study(f"NCT9000010{number}", eligibilityModule__sex="ALL", **given, **changes)


RECORDS = [
    study_with_every_field(),
    aged(1, "60 Years", "85 Years", designModule__enrollmentInfo={"count": 12, "type": "ESTIMATED"}),
    aged(2, "6 Months", "2 Years", designModule__enrollmentInfo={"count": 1, "type": "ACTUAL"}),
    aged(3, "18 Years", designModule__enrollmentInfo={"count": 30}),
    aged(4, None, "17 Years", designModule__enrollmentInfo={}),
    aged(5),
    a_study("NCT90000106", statusModule__overallStatus="WITHHELD"),
]


@pytest.fixture(scope="module")
def build_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    registry = MadeUpRegistry({MONDAY: RECORDS})
    with home_of(registry, tmp_path_factory.mktemp("every_field")) as settings:
        sync_day(settings, MONDAY)
        build_marts(settings, MONDAY)
        yield settings.build_file


def test_every_field_of_the_registry_has_a_column_that_names_it() -> None:
    assert paths_without_column(leaf_paths(load_record_type())) == []


def test_every_mart_has_the_rows_of_a_record_with_every_field(build_file: Path) -> None:
    with duckdb.connect(str(build_file), read_only=True) as con:
        reports = compare(con, RECORDS)
    assert [report for report in reports if report.rows_different] == [], report_text(reports)
    assert [report.mart for report in reports if not report.rows_expected] == []


def test_no_value_of_a_record_with_every_field_is_lost(build_file: Path) -> None:
    with duckdb.connect(str(build_file), read_only=True) as con:
        assert lost_leaves(con, RECORDS) == []


def test_every_aact_view_has_the_rows_of_a_record_with_every_field(build_file: Path) -> None:
    expected = aact_tables(RECORDS)
    with duckdb.connect(str(build_file), read_only=True) as con:
        found = {table: con.execute(f"from aact.{table}").to_arrow_table().to_pylist() for table in expected}
    assert with_keys_resolved(found) == with_keys_resolved(expected)


def test_sentences_of_a_profile_say_what_is_known_and_no_more(build_file: Path) -> None:
    with duckdb.connect(str(build_file), read_only=True) as con:
        sentences = con.execute(
            "select ages_sentence, enrollment_sentence, groups_sentence, sites_sentence"
            " from marts.rpt_trial_profile where nct_id like 'NCT9000010%' order by nct_id"
        ).fetchall()
    none = "0 trial locations"
    assert sentences == [
        ("60 to 85 years old", "12 estimated participants", "12 participants in 0 patient groups", none),
        ("6 months to 2 years old", "1 actual participant", "1 participant in 0 patient groups", none),
        ("18 years and older", "30 participants", "30 participants in 0 patient groups", none),
        ("Up to 17 years old", None, None, none),
        ("Any age", "40 estimated participants", "40 participants in 0 patient groups", none),
        (None, "40 estimated participants", "40 participants in 0 patient groups", None),
    ]
