"""Which rules of quality a record breaks by itself, by plain Python over its JSON."""

import calendar
import csv
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from integration.oracle import normalised
from trialhouse.settings import PROJECT

Record = dict[str, Any]

DATES = ("startDateStruct", "primaryCompletionDateStruct", "completionDateStruct")
ROLES_MASKED = {"NONE": 0, "SINGLE": 1, "DOUBLE": 2, "TRIPLE": 3, "QUADRUPLE": 4}
DAYS_OF = {"year": 365.25, "month": 365.25 / 12, "week": 7, "day": 1, "hour": 1 / 24, "minute": 1 / 1440}
EXPANDED_ACCESS = {"AVAILABLE", "NO_LONGER_AVAILABLE", "TEMPORARILY_NOT_AVAILABLE", "APPROVED_FOR_MARKETING"}
VAGUE_TITLES = {"safety", "efficacy", "tolerability", "feasibility", "satisfaction"}
GENERIC_FACILITY = re.compile(
    r"((clinical )?(research|investigational|investigative|study|trial) (site|center|centre|facility)"
    r"|local institution|investigator site|[a-z]+ (research|investigational|investigative) site)"
    r"[ ,#:()-]*([a-z]*[0-9-]+[a-z0-9-]*)?[)]?"
)
PLACEBO = re.compile(r"\b(placebo|sham|saline|sodium chloride)\b")
MORE_THAN_PLACEBO = re.compile(r" (and|or|versus|vs|with) |[+/,]")

Interval = tuple[date, date]


def broken_rules(record: Record) -> set[str]:
    """Names of the rules."""
    protocol = record["protocolSection"]
    return {
        rule
        for judge in (
            _dates,
            _status,
            _enrollment,
            _design,
            _arms,
            _eligibility,
            _sites,
            _sponsors,
            _outcomes,
        )
        for rule, is_broken in judge(protocol, record)
        if is_broken
    }


def interval(text: str | None) -> Interval | None:
    """The first and the last day that a date can mean."""
    if text is None or not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text):
        return None
    year, month, day = ([int(part) for part in text.split("-")] + [None, None])[:3]
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    last_month = month or 12
    return first, date(first.year, last_month, calendar.monthrange(first.year, last_month)[1])


def whole_day(text: str | None) -> date | None:
    found = interval(text) if text and len(text) == 10 else None
    return found[0] if found else None


def years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _dates(protocol: Record, record: Record) -> Iterator[tuple[str, bool]]:
    status = protocol.get("statusModule", {})
    texts = [status.get(name, {}).get("date") for name in DATES]
    start, primary, end = (interval(text) for text in texts)
    verified_text = status.get("statusVerifiedDate")
    verified = interval(verified_text)
    submitted = whole_day(status.get("lastUpdateSubmitDate"))
    posted = whole_day(status.get("lastUpdatePostDateStruct", {}).get("date"))
    first_submitted = whole_day(status.get("studyFirstSubmitDate"))
    first_posted = whole_day(status.get("studyFirstPostDateStruct", {}).get("date"))
    updated = submitted or posted
    given = zip([*texts, verified_text], [start, primary, end, verified], strict=True)
    yield "date_unreadable", any(text is not None and found is None for text, found in given)
    for_range = [found for found in (start, primary, end) if found]
    yield (
        "date_out_of_range",
        any(
            found[0] < date(1900, 1, 1) or (updated is not None and found[0] > years_before(updated, -30))
            for found in for_range
        ),
    )
    yield "start_after_primary_completion", bool(start and primary and start[0] > primary[1])
    yield "start_after_completion", bool(start and end and start[0] > end[1])
    yield "primary_completion_after_completion", bool(primary and end and primary[0] > end[1])
    kinds = [status.get(name, {}).get("type") for name in DATES]
    yield (
        "actual_date_in_future",
        any(
            kind == "ACTUAL" and found is not None and updated is not None and found[0] > updated
            for kind, found in zip(kinds, (start, primary, end), strict=True)
        ),
    )
    yield (
        "posting_dates_out_of_order",
        bool(first_submitted and first_posted and first_submitted > first_posted)
        or bool(first_posted and posted and first_posted > posted),
    )
    last_sign = max((day for day in (submitted, posted) if day), default=None)
    yield "verified_after_update", bool(verified and last_sign and verified[0] > last_sign)
    late = ""
    if _is_interventional(protocol) and start and first_submitted:
        if start[1] < years_before(first_submitted, 5):
            late = "5y"
        elif start[1] < years_before(first_submitted, 1):
            late = "1y"
        elif (first_submitted - start[1]).days > 30:
            late = "30d"
    yield f"retro_registration_{late}", bool(late)


def _status(protocol: Record, record: Record) -> Iterator[tuple[str, bool]]:
    module = protocol.get("statusModule", {})
    status = module.get("overallStatus")
    study_type = protocol.get("designModule", {}).get("studyType")
    start = module.get("startDateStruct", {})
    updated = whole_day(module.get("lastUpdateSubmitDate")) or whole_day(
        module.get("lastUpdatePostDateStruct", {}).get("date")
    )
    started = interval(start.get("date"))
    is_stopped = status in {"SUSPENDED", "TERMINATED", "WITHDRAWN"}
    yield "stopped_without_reason", is_stopped and not (module.get("whyStopped") or "").strip(" ")
    yield "withdrawn_with_enrollment", status == "WITHDRAWN" and (_enrolled(protocol)[0] or 0) > 0
    yield "unknown_without_last_known_status", status == "UNKNOWN" and not module.get("lastKnownStatus")
    yield (
        "completed_without_actual_completion",
        status == "COMPLETED" and module.get("completionDateStruct", {}).get("type") == "ESTIMATED",
    )
    yield (
        "not_yet_recruiting_but_started",
        status == "NOT_YET_RECRUITING"
        and start.get("type") == "ACTUAL"
        and bool(started and updated and started[0] <= updated),
    )
    yield (
        "expanded_access_status_elsewhere",
        status in EXPANDED_ACCESS and study_type not in (None, "EXPANDED_ACCESS"),
    )
    first_posted = whole_day(module.get("studyFirstPostDateStruct", {}).get("date"))
    posted = whole_day(module.get("lastUpdatePostDateStruct", {}).get("date"))
    yield (
        "suspended_at_first_posting",
        status == "SUSPENDED" and posted is not None and posted == first_posted,
    )


def _enrollment(protocol: Record, record: Record) -> Iterator[tuple[str, bool]]:
    count, kind = _enrolled(protocol)
    status = protocol.get("statusModule", {})
    completion = status.get("primaryCompletionDateStruct", {}).get("type")
    yield "enrollment_negative", count is not None and count < 0
    yield (
        "enrollment_absurd",
        count is not None
        and (
            (_is_interventional(protocol) and count >= 1_000_000) or bool(re.fullmatch("9{6,}", str(count)))
        ),
    )
    yield "enrollment_type_missing", count is not None and kind is None
    yield (
        "enrollment_type_contradicts_completion",
        None not in (kind, completion, status.get("overallStatus"))
        and status["overallStatus"] != "WITHDRAWN"
        and (kind == "ACTUAL") != (completion == "ACTUAL"),
    )


def _design(protocol: Record, record: Record) -> Iterator[tuple[str, bool]]:
    module = protocol.get("designModule", {})
    design = module.get("designInfo", {})
    masking = design.get("maskingInfo", {})
    who = masking.get("whoMasked") or []
    arms = _arm_groups(protocol)
    allocation, model = design.get("allocation"), design.get("interventionModel")
    yield (
        "randomized_single_group",
        allocation == "RANDOMIZED" and (model == "SINGLE_GROUP" or len(arms) == 1),
    )
    yield "single_group_with_allocation", allocation == "NON_RANDOMIZED" and model == "SINGLE_GROUP"
    roles = ROLES_MASKED.get(masking.get("masking"))
    yield "masking_contradicts_roles", bool(who) and roles is not None and roles != len(who)
    has_placebo = any(arm.get("type") == "PLACEBO_COMPARATOR" for arm in arms)
    yield "placebo_without_masking", masking.get("masking") == "NONE" and has_placebo
    yield (
        "observational_with_phase",
        module.get("studyType") == "OBSERVATIONAL" and bool(module.get("phases")),
    )


def _arms(protocol: Record, record: Record) -> Iterator[tuple[str, bool]]:
    arms, items = _arm_groups(protocol), _interventions(protocol)
    labels = [arm.get("label") for arm in arms]
    names = [item.get("name") for item in items]
    named_labels = {label for item in items for label in item.get("armGroupLabels") or []}
    named = {re.sub("^[A-Za-z ]+: ", "", name) for arm in arms for name in arm.get("interventionNames") or []}
    yield "arm_label_unresolved", not named_labels <= set(labels)
    yield "intervention_name_unresolved", not named <= set(names)
    yield "arm_label_repeated", len(labels) > len(set(labels))
    yield "interventional_without_arms", _is_interventional(protocol) and not arms
    placebos = {
        item.get("type")
        for item in items
        if PLACEBO.search((item.get("name") or "").lower())
        and not MORE_THAN_PLACEBO.search((item.get("name") or "").lower())
    }
    yield "saline_typed_biological", "BIOLOGICAL" in placebos
    yield "placebo_typed_drug", "DRUG" in placebos


def _eligibility(protocol: Record, record: Record) -> Iterator[tuple[str, bool]]:
    module = protocol.get("eligibilityModule", {})
    least, most = module.get("minimumAge"), module.get("maximumAge")
    least_days, most_days = _age_in_days(least), _age_in_days(most)
    yield (
        "age_unreadable",
        (least is not None and least_days is None) or (most is not None and most_days is None),
    )
    yield (
        "age_minimum_above_maximum",
        least_days is not None and most_days is not None and least_days > most_days,
    )
    low, high = least_days or 0, 1e9 if most_days is None else most_days
    expected = {
        group
        for group, fits in (
            ("CHILD", low < 18 * 365.25),
            ("ADULT", low < 65 * 365.25 and high >= 18 * 365.25),
            ("OLDER_ADULT", high >= 65 * 365.25),
        )
        if fits
    }
    groups = module.get("stdAges") or []
    yield "standard_ages_contradict", bool(groups) and sorted(groups) != sorted(expected)


def _sites(protocol: Record, record: Record) -> Iterator[tuple[str, bool]]:
    sites = protocol.get("contactsLocationsModule", {}).get("locations") or []
    sponsor = protocol.get("sponsorCollaboratorsModule", {}).get("leadSponsor", {}).get("name")
    yield "no_sites", not sites
    facilities = [(site.get("facility") or "").strip(" ").lower() for site in sites]
    yield "generic_facility_name", any(GENERIC_FACILITY.fullmatch(name) for name in facilities)
    yield (
        "sponsor_is_only_site",
        len(sites) == 1
        and None not in (sponsor, sites[0].get("facility"))
        and normalised(sites[0]["facility"]) == normalised(sponsor),
    )
    yield (
        "state_missing",
        any(
            site.get("country") in ("United States", "Canada") and not (site.get("state") or "").strip(" ")
            for site in sites
        ),
    )
    yield "country_missing", any(not (site.get("country") or "").strip(" ") for site in sites)
    named = [site for site in sites if (site.get("country") or "").strip(" ")]
    yield "country_unknown", any(_bounds(site) is None for site in named)
    yield "site_outside_country", any(_is_outside(site) for site in named)


@cache
def _countries() -> dict[str, list[float]]:
    with (PROJECT / "dbt_project" / "seeds" / "countries.csv").open() as file:
        return {
            row["country"]: [float(row[side]) for side in ("south", "north", "west", "east") if row[side]]
            for row in csv.DictReader(file)
        }


def _bounds(site: Record) -> list[float] | None:
    return _countries().get(site["country"].strip(" ").replace("\u2019", "'").lower())


def _is_outside(site: Record) -> bool:
    bounds, point = _bounds(site), site.get("geoPoint")
    if not bounds or not point:
        return False
    south, north, west, east = bounds
    return not (south <= point["lat"] <= north and west <= point["lon"] <= east)


def _sponsors(protocol: Record, record: Record) -> Iterator[tuple[str, bool]]:
    module = protocol.get("sponsorCollaboratorsModule", {})
    party = module.get("responsibleParty", {})
    yield "lead_sponsor_missing", not (module.get("leadSponsor", {}).get("name") or "").strip(" ")
    yield (
        "responsible_party_affiliation_missing",
        party.get("type") in ("PRINCIPAL_INVESTIGATOR", "SPONSOR_INVESTIGATOR")
        and not (party.get("investigatorAffiliation") or "").strip(" "),
    )


def _outcomes(protocol: Record, record: Record) -> Iterator[tuple[str, bool]]:
    module = protocol.get("outcomesModule", {})
    primary = module.get("primaryOutcomes") or []
    outcomes = [*primary, *(module.get("secondaryOutcomes") or []), *(module.get("otherOutcomes") or [])]
    status = protocol.get("statusModule", {})
    submitted = whole_day(status.get("studyFirstSubmitDate"))
    is_asked = submitted is not None and submitted >= date(2008, 1, 1)
    yield "no_primary_outcome", _is_interventional(protocol) and not primary and is_asked
    yield (
        "primary_outcome_without_time_frame",
        is_asked and any(not (outcome.get("timeFrame") or "").strip(" ") for outcome in primary),
    )
    frames = [(outcome.get("timeFrame") or "").strip(" ") for outcome in outcomes]
    yield "time_frame_only_numerals", any(re.fullmatch(r"[0-9]+([.,][0-9]+)?", frame) for frame in frames)
    titles = {(outcome.get("measure") or "").strip(" ").rstrip(".").lower() for outcome in primary}
    yield "outcome_title_not_specific", bool(titles & VAGUE_TITLES)
    results_date = whole_day(status.get("resultsFirstPostDateStruct", {}).get("date"))
    yield "results_contradict_their_date", bool(record.get("hasResults")) != (results_date is not None)
    oversight = protocol.get("oversightModule", {})
    countries = [
        site.get("country") for site in protocol.get("contactsLocationsModule", {}).get("locations") or []
    ]
    yield (
        "fda_regulated_without_us_link",
        bool(oversight.get("isFdaRegulatedDrug") or oversight.get("isFdaRegulatedDevice"))
        and bool(countries)
        and "United States" not in countries
        and not oversight.get("isUsExport"),
    )


def _is_interventional(protocol: Record) -> bool:
    return bool(protocol.get("designModule", {}).get("studyType") == "INTERVENTIONAL")


def _enrolled(protocol: Record) -> tuple[int | None, str | None]:
    info = protocol.get("designModule", {}).get("enrollmentInfo", {})
    return info.get("count"), info.get("type")


def _arm_groups(protocol: Record) -> list[Record]:
    return protocol.get("armsInterventionsModule", {}).get("armGroups") or []


def _interventions(protocol: Record) -> list[Record]:
    return protocol.get("armsInterventionsModule", {}).get("interventions") or []


def _age_in_days(text: str | None) -> float | None:
    found = re.fullmatch(r"([0-9]+) ([A-Za-z]+?)s?", text or "")
    if not found or found[2].lower() not in DAYS_OF:
        return None
    return int(found[1]) * DAYS_OF[found[2].lower()]


JUDGES = (_dates, _status, _enrollment, _design, _arms, _eligibility, _sites, _sponsors, _outcomes)
