"""Clocks that run without a change of the record, of real trials, against their JSON by plain Python."""

from calendar import monthrange
from collections import Counter
from datetime import date, timedelta
from typing import Any

from integration import oracle
from integration.conftest import Outcome
from integration.fdaaa_oracle import act_class

US = {
    "United States",
    "American Samoa",
    "Guam",
    "Northern Mariana Islands",
    "Puerto Rico",
    "U.S. Virgin Islands",
    "Virgin Islands (U.S.)",
}
REGULATED = {"BIOLOGICAL", "DRUG", "DEVICE", "GENETIC", "RADIATION", "COMBINATION_PRODUCT", "DIAGNOSTIC_TEST"}
OPEN = ("RECRUITING", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING")


def last_day(text: str | None) -> date | None:
    """The last day that a partial date covers."""
    if text is None:
        return None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    return date(*parts) if len(parts) == 3 else date(*parts, monthrange(*parts)[1])


def years_later(day: date, years: int) -> date:
    """The same day of the month; of a 29th of February the 28th."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def completed_on(status: dict[str, Any]) -> date | None:
    primary = status.get("primaryCompletionDateStruct", {}).get("date")
    return last_day(primary or status.get("completionDateStruct", {}).get("date"))


def class_of(record: oracle.Record) -> str | None:
    protocol = record["protocolSection"]
    status, design = protocol["statusModule"], protocol.get("designModule", {})
    oversight = protocol.get("oversightModule", {})
    sites = protocol.get("contactsLocationsModule", {}).get("locations", [])
    removed = record.get("derivedSection", {}).get("miscInfoModule", {}).get("removedCountries", [])
    interventions = protocol.get("armsInterventionsModule", {}).get("interventions", [])
    return act_class(
        {
            "study_type": design.get("studyType"),
            "phases": design.get("phases"),
            "primary_purpose": design.get("designInfo", {}).get("primaryPurpose"),
            "overall_status": status.get("overallStatus"),
            "start_date_last_day": last_day(status.get("startDateStruct", {}).get("date")),
            "completed_on": completed_on(status),
            "is_fda_regulated_drug": oversight.get("isFdaRegulatedDrug"),
            "is_fda_regulated_device": oversight.get("isFdaRegulatedDevice"),
            "has_regulated_intervention": any(each.get("type") in REGULATED for each in interventions),
            "has_us_site": bool(US & ({site.get("country") for site in sites} | set(removed))),
        }
    )


def standing(record: oracle.Record, today: date) -> tuple[Any, ...]:
    """due_on, days late, status."""
    status = record["protocolSection"]["statusModule"]
    tracking = record.get("derivedSection", {}).get("miscInfoModule", {}).get("submissionTracking", {})
    rounds = sorted(
        (each for each in tracking.get("submissionInfos", []) if "releaseDate" in each),
        key=lambda each: each["releaseDate"],
    )
    done, certificate = completed_on(status), "dispFirstSubmitDate" in status
    sent = status.get("resultsFirstSubmitDate") or (rounds[0]["releaseDate"] if rounds else None)
    if done is None:
        return None, None, "REPORTED" if record.get("hasResults") else "ONGOING"
    due = years_later(done, 3) if certificate else done + timedelta(365)
    late = max(((date.fromisoformat(sent) if sent else today) - due).days, 0)
    if sent is None and late <= 30:
        late = 0
    month = timedelta(30)
    is_due = years_later(done, 3 if certificate else 1) + month < today
    taken_back = [each for each in rounds if "unreleaseDate" in each or each.get("unreleaseDateUnknown")]
    if not is_due:
        word = "REPORTED" if record.get("hasResults") else "ONGOING"
    elif record.get("hasResults"):
        word = "REPORTED_LATE" if late else "REPORTED"
    elif rounds and not late:
        word = "REPORTED"
    elif rounds:
        word = "OVERDUE_CANCELLED" if taken_back and rounds[-1] in taken_back else "REPORTED_LATE"
    else:
        word = "OVERDUE" if late else "ONGOING"
    return due, late, word


def test_obligations_of_real_trials_are_what_the_specification_makes_of_them(broad: Outcome) -> None:
    today = max(broad.days)
    records = oracle.newest_records(broad.days)
    expected = {
        nct_id: (act, *standing(record, today))
        for nct_id, record in records.items()
        if (act := class_of(record)) is not None
    }
    rows = broad.rows(
        "select nct_id, act_class, due_on, days_late, obligation_status from marts.fct_results_obligations"
    )
    assert {nct_id: tuple(rest) for nct_id, *rest in rows} == expected
    classes = Counter(each[0] for each in expected.values())
    assert min(classes[name] for name in ("ACT", "PROBABLE_ACT", "POSSIBLE_ACT")) > 5
    assert {"OVERDUE", "ONGOING", "REPORTED", "REPORTED_LATE"} <= {each[3] for each in expected.values()}


def unknown_due_on(record: oracle.Record) -> date | None:
    """The end of the month two years after the last verification, or completion, whichever is later."""
    status = record["protocolSection"]["statusModule"]
    verified = last_day(status.get("statusVerifiedDate"))
    if status.get("overallStatus") not in OPEN or verified is None:
        return None
    unverified = date(verified.year + 2, verified.month, monthrange(verified.year + 2, verified.month)[1])
    completion = last_day(status.get("completionDateStruct", {}).get("date"))
    return max(unverified, completion or unverified)


def test_the_day_on_which_open_trials_turn_unknown(broad: Outcome) -> None:
    expected = {nct_id: unknown_due_on(each) for nct_id, each in oracle.newest_records(broad.days).items()}
    assert dict(broad.rows("select nct_id, unknown_due_on from marts.dim_trials")) == expected
    assert sum(day is not None for day in expected.values()) > 500


def test_the_flips_to_unknown_that_we_saw_were_due_within_a_month(nine_days: Outcome) -> None:
    """By the record of the day before the flip."""
    flips = nine_days.rows(
        "select nct_id, snapshot_date from marts.fct_trial_events where event_type = 'STATUS_UNKNOWN'"
    )
    assert len(flips) == 2
    for nct_id, flipped_on in flips:
        before = max(day for day in nine_days.days if day < flipped_on and nct_id in nine_days.days[day])
        ((due_on,),) = nine_days.rows(
            f"select unknown_due_on from trials_as_of('{before}') where nct_id = '{nct_id}'"
        )
        assert due_on == unknown_due_on(nine_days.days[before][nct_id])
        assert timedelta(0) < flipped_on - due_on <= timedelta(31)
