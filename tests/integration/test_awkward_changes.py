"""Changes of real registries that are easily told wrong, one trial each, in one home of four days."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builders import MONDAY, TUESDAY, WEDNESDAY, MadeUpRegistry, Record, a_study, build_and_publish, home_of
from trialhouse.sync import sync_day

THURSDAY = date(2026, 1, 8)
SITES = "contactsLocationsModule__locations"
PRIMARY = "outcomesModule__primaryOutcomes"
CRITERIA = "eligibilityModule__eligibilityCriteria"
OBLIGED = {
    "statusModule__startDateStruct": {"date": "2019-01-15", "type": "ACTUAL"},
    "statusModule__primaryCompletionDateStruct": {"date": "2024-01-15", "type": "ACTUAL"},
    "oversightModule__isFdaRegulatedDrug": True,
    "oversightModule__isFdaRegulatedDevice": False,
    "designModule__phases": ["PHASE3"],
}
RENAMED, COUNTRY, TWO_OUTCOMES, HEADING, SWINGING, VANISHING, NOT_OBLIGED, CORRECTED = (
    f"NCT9000000{number}" for number in range(1, 9)
)


def updated(day: date, status: str = "RECRUITING", **changes: Any) -> dict[str, Any]:
    """Submitted and posted that day."""
    return {
        "statusModule__lastUpdateSubmitDate": str(day),
        "statusModule__lastUpdatePostDateStruct": {"date": str(day), "type": "ACTUAL"},
        "statusModule__overallStatus": status,
        **changes,
    }


def houston(*facilities: str) -> list[Record]:
    place = {"city": "Houston", "state": "Texas", "zip": "77030", "country": "United States"}
    return [{"facility": facility, **place} for facility in facilities]


def lyon(count: int) -> list[Record]:
    place = {"city": "Lyon", "country": "France"}
    return [{"facility": f"Old Clinic {n}", "zip": f"69{n:03}", **place} for n in range(count)]


def ankara(country: str) -> list[Record]:
    return [
        {"facility": f"Hospital {n}", "city": "Ankara", "zip": f"0610{n}", "country": country}
        for n in range(4)
    ]


def outcomes(time_frame: str) -> list[Record]:
    return [{"measure": measure, "timeFrame": time_frame} for measure in ("Overall survival", "HbA1c")]


WINGS = ("Alpha", "Bravo", "Carol", "Delta", "Eland", "Foxtrot", "Gamma", "Hotel", "India", "Juliet", "Kilo")
NUMBERED = "1. Age over 18\n2. Signed consent\n3. Hypertension"
COMPLETED_LATER = {"statusModule__primaryCompletionDateStruct": {"date": "2025-02-01", "type": "ACTUAL"}}
COMPLETED_FIRST = {"statusModule__primaryCompletionDateStruct": {"date": "2024-11-01", "type": "ACTUAL"}}

# What each trial's record says from a day on; None: it is listed no more.
SAID: dict[str, dict[date, dict[str, Any] | None]] = {
    RENAMED: {
        MONDAY: {SITES: houston(*(f"{wing} Hospital Wing" for wing in WINGS))},
        WEDNESDAY: {
            **updated(TUESDAY),
            SITES: lyon(20) + houston(*(f"Institute {wing[0] * 3}" for wing in WINGS)),
        },
    },
    COUNTRY: {MONDAY: {SITES: ankara("Turkey")}, WEDNESDAY: {SITES: ankara("Turkey (Türkiye)")}},
    TWO_OUTCOMES: {
        MONDAY: {PRIMARY: outcomes("12 weeks")},
        WEDNESDAY: {**updated(TUESDAY), PRIMARY: outcomes("24 weeks")},
    },
    HEADING: {
        MONDAY: {CRITERIA: NUMBERED},
        WEDNESDAY: {**updated(TUESDAY), CRITERIA: f"Inclusion Criteria:\n\n{NUMBERED}"},
    },
    SWINGING: {
        MONDAY: {},
        TUESDAY: updated(MONDAY, "SUSPENDED"),
        WEDNESDAY: updated(TUESDAY),
        THURSDAY: updated(WEDNESDAY, "SUSPENDED", statusModule__whyStopped="Safety"),
    },
    VANISHING: {MONDAY: OBLIGED, WEDNESDAY: None},
    NOT_OBLIGED: {
        MONDAY: OBLIGED,
        WEDNESDAY: {**OBLIGED, **updated(TUESDAY), "oversightModule__isFdaRegulatedDrug": False},
    },
    CORRECTED: {
        MONDAY: {**OBLIGED, **COMPLETED_FIRST},
        WEDNESDAY: {**OBLIGED, **updated(TUESDAY), **COMPLETED_LATER},
    },
}


def records_on(day: date) -> list[Record]:
    newest = {nct_id: said[max(known for known in said if known <= day)] for nct_id, said in SAID.items()}
    return [a_study(nct_id, **changes) for nct_id, changes in newest.items() if changes is not None]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    days = [MONDAY, TUESDAY, WEDNESDAY, THURSDAY]
    home = tmp_path_factory.mktemp("awkward")
    with home_of(MadeUpRegistry({day: records_on(day) for day in days}), home) as settings:
        for day in days:
            sync_day(settings, day)
        build_and_publish(settings, THURSDAY)
        return settings.published_file


def events(file: Path, nct_id: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as con:
        return con.execute(
            "select event_type, severity, before_value, after_value from marts.fct_trial_events "
            "where nct_id = ? order by snapshot_date, event_type, before_value, after_value",
            [nct_id],
        ).fetchall()


def test_sites_renamed_at_one_address_stay_when_others_come_in_front_of_them(file: Path) -> None:
    assert [(kind, after) for kind, _, _, after in events(file, RENAMED)] == [
        ("COUNTRY_ADDED", "France"),
        ("SITES_ADDED", "31 sites"),
    ]


def test_a_country_that_the_registry_renames_neither_comes_nor_goes(file: Path) -> None:
    assert events(file, COUNTRY) == []
    with duckdb.connect(str(file), read_only=True) as con:
        changes = con.execute(
            "select distinct kind, change_type, materiality, churn_class from marts.fct_trial_changes "
            "where nct_id = ? order by kind",
            [COUNTRY],
        ).fetchall()
    assert changes == [
        ("COUNTRY", "REWRITTEN", "CHURN", "SPELLING"),
        ("SITE", "REWRITTEN", "CHURN", "SPELLING"),
    ]


def test_a_changed_outcome_says_which(file: Path) -> None:
    with duckdb.connect(str(file), read_only=True) as con:
        details = con.execute(
            "select details from marts.fct_trial_events where nct_id = ? and event_type = ?",
            [TWO_OUTCOMES, "PRIMARY_OUTCOME_TIMEPOINT_CHANGED"],
        ).fetchall()
    assert {json.loads(text)["outcome"] for (text,) in details} == {"Overall survival", "HbA1c"}


def test_a_heading_above_the_criteria_changes_no_criterion(file: Path) -> None:
    assert events(file, HEADING) == []


def test_of_three_swings_the_last_stands(file: Path) -> None:
    assert [(kind, severity) for kind, severity, _, _ in events(file, SWINGING)] == [
        ("STATUS_SUSPENDED", "P3"),
        ("STATUS_RESUMED", "P3"),
        ("STATUS_SUSPENDED", "P1"),
    ]


def test_an_obligation_ends_with_the_listing_or_with_what_obliged(file: Path) -> None:
    with duckdb.connect(str(file), read_only=True) as con:
        found = con.execute(
            "select nct_id, obligation_status, days_late, is_in_registry "
            "from marts.fct_results_obligations where nct_id in (?, ?) order by nct_id",
            [VANISHING, NOT_OBLIGED],
        ).fetchall()
    assert found == [
        (VANISHING, "NO_LONGER_OBLIGED", None, False),
        (NOT_OBLIGED, "NO_LONGER_OBLIGED", None, True),
    ]


def test_a_corrected_deadline_just_ahead_is_told(file: Path) -> None:
    kinds = [
        (kind, after) for kind, _, _, after in events(file, CORRECTED) if "RESULTS" in kind or "OVER" in kind
    ]
    assert kinds == [("NO_LONGER_OVERDUE", "DATE_MOVED"), ("RESULTS_DUE_SOON", "2026-02-01")]
