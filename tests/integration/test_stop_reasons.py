"""Why trials stopped, on 22 988 real reasons, and how often suspended ones went on."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from bench import restart_odds
from builders import real_data
from trialhouse.settings import PROJECT

SEED = PROJECT / "dbt_project" / "seeds" / "restart_odds.csv"
Row = dict[str, str]


@pytest.fixture(scope="module")
def folder() -> Path:
    return real_data("stopped_trials")


@pytest.fixture(scope="module")
def con(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        restart_odds.create_stops(con, folder)
        yield con


def rows_of(folder: Path, period: str) -> list[Row]:
    with (folder / restart_odds.FILES[period]).open() as file:
        return list(csv.DictReader(file))


def days_until_restart(row: Row) -> float:
    if row["restart_date"] == "NA":
        return float("inf")
    return (date.fromisoformat(row["restart_date"]) - date.fromisoformat(row["stop_date"])).days


def test_the_seed_is_what_the_files_say(con: duckdb.DuckDBPyConnection) -> None:
    assert SEED.read_text() == restart_odds.seed(con)


@pytest.mark.parametrize("period", list(restart_odds.FILES))
def test_the_seed_adds_up_to_the_suspensions_of_a_period(folder: Path, period: str) -> None:
    suspended = [row for row in rows_of(folder, period) if row["stop_status"] == "Suspended"]
    with SEED.open() as file:
        seeded = [row for row in csv.DictReader(file) if row["period"] == period]
    expected = Counter(
        {
            "suspended_count": len(suspended),
            **{
                f"restarted_within_{days}_days": sum(days_until_restart(row) <= days for row in suspended)
                for days in (90, 180, 365)
            },
            "resumed_within_365_days": sum(
                days_until_restart(row) <= 365 and row["restart_status"] in restart_odds.RESUMED
                for row in suspended
            ),
        }
    )
    assert {name: sum(int(row[name]) for row in seeded) for name in expected} == expected


def test_every_reason_is_one_of_the_seed_and_few_cannot_be_read(con: duckdb.DuckDBPyConnection) -> None:
    with (PROJECT / "dbt_project" / "seeds" / "stop_reasons.csv").open() as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    counts = dict(con.execute("select stop_reason, count(*) from stops group by all").fetchall())
    assert counts.keys() == codes
    assert sum(counts.values()) == 22_988
    assert counts["OTHER"] < 0.11 * sum(counts.values())


def test_a_reason_is_blank_only_where_the_source_has_none(con: duckdb.DuckDBPyConnection) -> None:
    given = con.execute(
        "select why_stopped from stops where stop_reason = 'BLANK' and why_stopped is not null"
    )
    assert {text.strip(" .-/?").lower() for (text,) in given.fetchall()} <= {
        "",
        "n/a",
        "na",
        "none",
        "unknown",
    }
    missing = con.execute("select distinct stop_reason from stops where why_stopped is null")
    assert missing.fetchall() == [("BLANK",)]


def test_the_pandemic_is_found_as_people_found_it(con: duckdb.DuckDBPyConnection) -> None:
    """The source's flag, set by hand: precision and recall of at least 0.95."""
    hits, found, flagged = con.execute(f"""
        select
            count(*) filter (stop_reason = 'PANDEMIC_OR_WAR' and is_pandemic_by_hand),
            count(*) filter (stop_reason = 'PANDEMIC_OR_WAR'),
            count(*) filter (is_pandemic_by_hand)
        from stops
        where period = '{restart_odds.LATER}'
    """).fetchall()[0]
    assert hits / found > 0.95
    assert hits / flagged > 0.95


def test_reasons_tell_more_about_a_restart_than_a_constant(con: duckdb.DuckDBPyConnection) -> None:
    constant, by_reason, count = restart_odds.brier_scores(con)
    assert count == 1475
    assert constant == pytest.approx(0.2407, abs=0.00005)
    assert by_reason < 0.23
