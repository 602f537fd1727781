"""Who took part, as posted results tell it: groups, baseline, participant flow, adverse events."""

from collections.abc import Iterator
from typing import Any

from integration.aact_oracle.reading import Study, at, listed, picked
from integration.aact_oracle.values import float_or_null, number

BASELINE = "resultsSection.baselineCharacteristicsModule"
FLOW = "resultsSection.participantFlowModule"
EVENTS = "resultsSection.adverseEventsModule"

STUDY_WIDE_GROUPS = {
    "Reported Event": EVENTS + ".eventGroups",
    "Participant Flow": FLOW + ".groups",
    "Baseline": BASELINE + ".groups",
}
MEASURE_TEXTS = {
    "title": "title",
    "description": "description",
    "units": "unitOfMeasure",
    "param_type": "paramType",
    "dispersion_type": "dispersionType",
}
EVENT_TOTALS = {
    "serious": "Total, serious adverse events",
    "other": "Total, other adverse events",
    "deaths": "Total, all-cause mortality",
}
EVENT_TEXTS = {
    "organ_system": "organSystem",
    "adverse_event_term": "term",
    "vocab": "sourceVocabulary",
    "assessment": "assessmentType",
}


def read_study_wide_groups(study: Study) -> None:
    """The groups of baseline, flow and events, equal ones once; a code told twice means its last group."""
    paths = {"ctgov_group_code": "id", "title": "title", "description": "description"}
    for result_type, path in STUDY_WIDE_GROUPS.items():
        seen = set()
        for group in listed(study.record, path):
            columns = picked(group, paths)
            if tuple(columns.values()) in seen:
                continue
            seen.add(tuple(columns.values()))
            key = study.add("result_groups", result_type=result_type, outcome_id=None, **columns)
            study.result_groups[result_type, columns["ctgov_group_code"]] = key


def leaf_measurements(measure: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Every class, category and measurement of a measure.

    When the first class has no categories, each class without them counts as one empty measurement;
    when it has, the classes without them give nothing.
    """
    classes = listed(measure, "classes")
    fills = bool(classes) and at(classes[0], "categories") is None
    for in_class in classes:
        categories = at(in_class, "categories")
        if categories is None:
            categories = [{"measurements": [{}]}] if fills else []
        for category in categories:
            for measurement in listed(category, "measurements"):
                yield in_class, category, measurement


def measured(measurement: Any) -> dict[str, Any]:
    """The columns that baseline and outcome measurements share."""
    value, spread = at(measurement, "value"), at(measurement, "spread")
    return {
        "ctgov_group_code": at(measurement, "groupId"),
        "param_value": value,
        "param_value_num": float_or_null(value),
        "dispersion_value": spread,
        "dispersion_value_num": float_or_null(spread),
        "dispersion_lower_limit": float_or_null(at(measurement, "lowerLimit")),
        "dispersion_upper_limit": float_or_null(at(measurement, "upperLimit")),
        "explanation_of_na": at(measurement, "comment"),
    }


def read_baseline(study: Study) -> None:
    module = at(study.record, BASELINE)
    for denominator in listed(module, "denoms"):
        for count in listed(denominator, "counts"):
            code = at(count, "groupId")
            study.add(
                "baseline_counts",
                result_group_id=study.group("Baseline", code),
                ctgov_group_code=code,
                units=at(denominator, "units"),
                scope="overall",
                count=number(at(count, "value")),
            )
    for measure in listed(module, "measures"):
        _read_baseline_measure(study, measure, listed(module, "denoms"))


def _read_baseline_measure(study: Study, measure: Any, overall: list[Any]) -> None:
    units = at(measure, "denomUnitsSelected")
    percentage = at(measure, "calculatePct")
    for in_class, category, measurement in leaf_measurements(measure):
        code = at(measurement, "groupId")
        denominators = listed(in_class, "denoms") or listed(measure, "denoms") or overall
        study.add(
            "baseline_measurements",
            result_group_id=study.group("Baseline", code),
            classification=at(in_class, "title"),
            category=at(category, "title"),
            **picked(measure, MEASURE_TEXTS),
            **measured(measurement),
            number_analyzed=_number_analyzed(denominators, units or "Participants", code),
            number_analyzed_units=units or "Participants",
            population_description=at(measure, "populationDescription"),
            calculate_percentage=None if percentage is None else "No" if percentage is False else "Yes",
        )


def _number_analyzed(denominators: list[Any], units: str, code: str | None) -> float | None:
    """The group's count in the nearest denominators told; if they leave it out, no farther ones are asked."""
    for denominator in denominators:
        for count in listed(denominator, "counts"):
            if at(denominator, "units") == units and at(count, "groupId") == code and code is not None:
                return number(at(count, "value"))
    return None


def read_participant_flow(study: Study) -> None:
    flow = at(study.record, FLOW)
    if flow is None:
        return
    study.add(
        "participant_flows",
        recruitment_details=at(flow, "recruitmentDetails"),
        pre_assignment_details=at(flow, "preAssignmentDetails"),
        units_analyzed=at(flow, "typeUnitsAnalyzed"),
    )
    for period in listed(flow, "periods"):
        _read_milestones(study, period)
        _read_drop_withdrawals(study, period)


def _read_milestones(study: Study, period: Any) -> None:
    for milestone in listed(period, "milestones"):
        for achievement in listed(milestone, "achievements"):
            code = at(achievement, "groupId")
            study.add(
                "milestones",
                result_group_id=study.group("Participant Flow", code),
                ctgov_group_code=code,
                title=at(milestone, "type"),
                period=at(period, "title"),
                description=at(achievement, "comment"),
                count=number(at(achievement, "numSubjects")),
                milestone_description=at(milestone, "comment"),
                count_units=at(achievement, "numUnits"),
            )


def _read_drop_withdrawals(study: Study, period: Any) -> None:
    for withdrawal in listed(period, "dropWithdraws"):
        for reason in listed(withdrawal, "reasons"):
            code = at(reason, "groupId")
            study.add(
                "drop_withdrawals",
                result_group_id=study.group("Participant Flow", code),
                ctgov_group_code=code,
                period=at(period, "title"),
                reason=at(withdrawal, "type"),
                count=number(at(reason, "numSubjects")),
                drop_withdraw_comment=at(withdrawal, "comment"),
                reason_comment=at(reason, "comment"),
                count_units=None,  # the registry has no such number
            )


def read_adverse_events(study: Study) -> None:
    module = at(study.record, EVENTS)
    for group in listed(module, "eventGroups"):
        for event_type, classification in EVENT_TOTALS.items():
            study.add(
                "reported_event_totals",
                ctgov_group_code=at(group, "id"),
                event_type=event_type,
                classification=classification,
                subjects_affected=number(at(group, event_type + "NumAffected")),
                subjects_at_risk=number(at(group, event_type + "NumAtRisk")),
            )
    for event_type in ("serious", "other"):
        for event in listed(module, event_type + "Events"):
            for statistic in listed(event, "stats"):
                _read_event(study, module, event_type, event, statistic)


def _read_event(study: Study, module: Any, event_type: str, event: Any, statistic: Any) -> None:
    code = at(statistic, "groupId")
    study.add(
        "reported_events",
        result_group_id=study.group("Reported Event", code),
        ctgov_group_code=code,
        time_frame=at(module, "timeFrame"),
        event_type=event_type,
        default_vocab=None,
        default_assessment=None,
        subjects_affected=number(at(statistic, "numAffected")),
        subjects_at_risk=number(at(statistic, "numAtRisk")),
        description=at(module, "description"),
        event_count=number(at(statistic, "numEvents")),
        frequency_threshold=number(at(module, "frequencyThreshold")),
        **picked(event, EVENT_TEXTS),
    )
