"""Which trials FDAAA 801 may oblige to report results, and where they stand, from the specification (C3)."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from integration.oracle import Record, last_day

LAW = date(2017, 1, 18)
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


def act_class(one: dict[str, Any]) -> str | None:
    """The rules of the specification (C3), read as Python."""
    phases = [["PHASE1", "PHASE2"], ["PHASE2"], ["PHASE2", "PHASE3"], ["PHASE3"], ["PHASE4"], ["NA"]]
    if one["study_type"] != "INTERVENTIONAL" or one["phases"] not in phases:
        return None
    if one["primary_purpose"] == "DEVICE_FEASIBILITY" or one["overall_status"] == "WITHDRAWN":
        return None
    start, completed = one["start_date_last_day"], one["completed_on"]
    if start is None:
        return None
    drug, device = one["is_fda_regulated_drug"], one["is_fda_regulated_device"]
    began_before_and_ended_after = start < LAW and completed is not None and completed >= LAW
    if drug or device:
        return "ACT" if start >= LAW else "PROBABLE_ACT" if began_before_and_ended_after else None
    nobody_says = drug is None and device is None
    if (
        nobody_says
        and began_before_and_ended_after
        and one["has_regulated_intervention"]
        and one["has_us_site"]
    ):
        return "POSSIBLE_ACT"
    return None


def years_later(day: date, years: int) -> date:
    """The same day of the month; of a 29th of February the 28th."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def completed_on(status: dict[str, Any]) -> date | None:
    primary = status.get("primaryCompletionDateStruct", {}).get("date")
    return last_day(primary or status.get("completionDateStruct", {}).get("date"))


def class_of(record: Record) -> str | None:
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


def standing(record: Record, today: date) -> tuple[Any, ...]:
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
