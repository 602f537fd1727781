"""The answers to the five published AACT queries of `aact_queries/`, by plain Python over AACT's rows."""

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from statistics import fmean
from typing import Any

Tables = dict[str, list[dict[str, Any]]]
Answer = list[tuple[Any, ...]]


def a_year_before(day: date) -> date:
    """As SQL takes a year off: 29 February becomes the 28th."""
    last_of_february = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if last_of_february else day.day)


def percent(part: int, whole: int) -> float:
    return round(100.0 * part / whole, 1)


def adverse_events_by_organ_system(tables: Tables) -> Answer:
    systems = defaultdict(list)
    for row in tables["reported_events"]:
        if row["event_type"] == "serious" and row["result_group_id"] and (row["subjects_at_risk"] or 0) > 0:
            systems[row["organ_system"]].append(row)
    answer = [
        (
            system,
            len({row["nct_id"] for row in rows}),
            len({row["result_group_id"] for row in rows}),
            sum(row["subjects_affected"] or 0 for row in rows),
            max((row["subjects_affected"] or 0) * 100.0 / row["subjects_at_risk"] for row in rows),
        )
        for system, rows in systems.items()
    ]
    return sorted(answer, key=lambda row: (-row[3], row[0]))


def masking_by_year(tables: Tables) -> Answer:
    first_submitted = {
        row["nct_id"]: row["study_first_submitted_date"]
        for row in tables["studies"]
        if row["study_type"] == "INTERVENTIONAL"
    }
    masked = defaultdict(list)
    for row in tables["designs"]:
        if row["masking"] is not None and row["nct_id"] in first_submitted:
            masked[first_submitted[row["nct_id"]].year].append(row["masking"] != "NONE")
    years = [year for year in sorted(masked) if 2005 <= year <= 2024]
    shares = [round(100.0 * fmean(masked[year]), 1) for year in years]
    differences = [None, *(round(now - before, 1) for before, now in pairwise(shares))]
    return [
        (year, len(masked[year]), share, difference)
        for year, share, difference in zip(years, shares, differences, strict=True)
    ]


def recruiting_facilities_of_a_condition(tables: Tables) -> Answer:
    trials = {
        row["nct_id"]
        for row in tables["browse_conditions"]
        if row["downcase_mesh_term"] == "breast neoplasms"
    }
    found = defaultdict(set)
    for row in tables["facilities"]:
        if row["nct_id"] in trials and row["status"] == "RECRUITING":
            found[row["country"], row["city"], row["name"]].add(row["nct_id"])
    return [(*place, len(nct_ids)) for place, nct_ids in found.items()]


def results_within_a_year(tables: Tables) -> Answer:
    newest = max(row["last_update_posted_date"] for row in tables["studies"])
    months = {row["nct_id"]: row["months_to_report_results"] for row in tables["calculated_values"]}
    classes = {row["nct_id"]: row["agency_class"] for row in leads(tables)}
    ended = [
        row["nct_id"]
        for row in tables["studies"]
        if row["study_type"] == "INTERVENTIONAL"
        and row["overall_status"] in ("COMPLETED", "TERMINATED")
        and row["primary_completion_date"]
        and date(2008, 1, 1) <= row["primary_completion_date"] < a_year_before(newest)
    ]
    completed = Counter(classes[nct_id] for nct_id in ended)
    in_time = Counter(
        classes[nct_id] for nct_id in ended if months[nct_id] is not None and months[nct_id] <= 12
    )
    return [(one, count, in_time[one], percent(in_time[one], count)) for one, count in completed.items()]


def top_sponsors_of_recruiting_trials(tables: Tables) -> Answer:
    recruiting = {row["nct_id"] for row in tables["studies"] if row["overall_status"] == "RECRUITING"}
    counted = Counter(
        (row["name"], row["agency_class"]) for row in leads(tables) if row["nct_id"] in recruiting
    )
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0][0]))
    return [(*sponsor, count) for sponsor, count in ranked[:10]]


def leads(tables: Tables) -> list[dict[str, Any]]:
    return [row for row in tables["sponsors"] if row["lead_or_collaborator"] == "lead"]


ANSWERS = {
    answer.__name__: answer
    for answer in (
        adverse_events_by_organ_system,
        masking_by_year,
        recruiting_facilities_of_a_condition,
        results_within_a_year,
        top_sponsors_of_recruiting_trials,
    )
}
