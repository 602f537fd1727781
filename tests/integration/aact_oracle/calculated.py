"""The table `calculated_values`: what AACT derives from a study's other rows."""

from datetime import date

from integration.aact_oracle.reading import Row, Study

DAYS_A_MONTH = 30

# The United States and the territories it holds or claims; some have two spellings.
US_COUNTRIES = frozenset(
    {
        "United States",
        "Puerto Rico",
        "Guam",
        "American Samoa",
        "Northern Mariana Islands",
        "Virgin Islands (U.S.)",
        "U.S. Virgin Islands",
        "United States Minor Outlying Islands",
        "Bajo Nuevo Bank",
        "Baker Island",
        "Howland Island",
        "Jarvis Island",
        "Johnston Atoll",
        "Kingman Reef",
        "Midway Atoll",
        "Navassa Island",
        "Palmyra Atoll",
        "Serranilla Bank",
        "Wake Island",
    }
)


def read_calculated_values(study: Study) -> None:
    """One row a study; reads the study's other rows, so it comes last."""
    (told,) = study.tables["studies"]
    submitted: date | None = told["study_first_submitted_date"]
    study.add(
        "calculated_values",
        **_facility_values(study.tables["facilities"]),
        **_age_values(study.tables["eligibilities"]),
        **_outcome_counts(study.tables["design_outcomes"]),
        number_of_sae_subjects=_subjects_affected(study.tables["reported_events"], "serious"),
        number_of_nsae_subjects=_subjects_affected(study.tables["reported_events"], "other"),
        registered_in_calendar_year=submitted.year if submitted else None,
        nlm_download_date=None,
        actual_duration=_actual_duration(told),
        were_results_reported=bool(study.tables["outcomes"]),
        months_to_report_results=_months_between(
            told["primary_completion_date"], told["results_first_submitted_date"]
        ),
    )


def _facility_values(facilities: list[Row]) -> Row:
    some = bool(facilities)
    return {
        "number_of_facilities": len(facilities),
        "has_single_facility": len(facilities) == 1 if some else None,
        "has_us_facility": any(row["country"] in US_COUNTRIES for row in facilities) if some else None,
    }


def _age_values(eligibilities: list[Row]) -> Row:
    values: Row = {}
    for side in ("minimum_age", "maximum_age"):
        words = (eligibilities[0][side] or "").split() if eligibilities else []
        whole_number = bool(words) and words[0].isascii() and words[0].isdigit()
        values[side + "_num"] = int(words[0]) if whole_number else None
        values[side + "_unit"] = words[-1].lower().removesuffix("s") if words else None
    return values


def _outcome_counts(design_outcomes: list[Row]) -> Row:
    types = [row["outcome_type"] for row in design_outcomes]
    return {
        f"number_of_{outcome_type}_outcomes_to_measure": types.count(outcome_type) or None
        for outcome_type in ("primary", "secondary", "other")
    }


def _subjects_affected(reported_events: list[Row], event_type: str) -> float | None:
    """A subject is counted once per term and group, as in AACT; no number told at all is no sum."""
    told = [row["subjects_affected"] for row in reported_events if row["event_type"] == event_type]
    known = [count for count in told if count is not None]
    return sum(known) if known else None


def _actual_duration(told: Row) -> int | None:
    """Months from start to primary completion unless either is an estimate; a missing type is none."""
    if "ESTIMATED" in (told["start_date_type"], told["primary_completion_date_type"]):
        return None
    return _months_between(told["start_date"], told["primary_completion_date"])


def _months_between(first: date | None, last: date | None) -> int | None:
    """Months of thirty days, cut off toward zero, negative when the last comes before the first."""
    if first is None or last is None:
        return None
    return int((last - first).days / DAYS_A_MONTH)
