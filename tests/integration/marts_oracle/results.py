"""The rows that the steps, groups, flow, outcomes, analyses and adverse events of results must have."""

from integration.marts_oracle.values import (
    Record,
    Row,
    full_date,
    items,
    p_value_in,
    p_value_relation,
    partial_date,
    picked,
    with_numbers,
)

FLOW = "resultsSection.participantFlowModule"
OUTCOMES = "resultsSection.outcomeMeasuresModule.outcomeMeasures"
ADVERSE = "resultsSection.adverseEventsModule"
ANNOTATIONS = "annotationSection.annotationModule"

DEATH_AND_EVENT_COUNTS = {
    f"{kind}_{column}": f"{kind}Num{count}"
    for kind in ("deaths", "serious", "other")
    for column, count in (("affected", "Affected"), ("at_risk", "AtRisk"))
}
OUTCOME_COLUMNS = {
    "outcome_type": "type",
    "outcome_title": "title",
    "outcome_description": "description",
    "population_description": "populationDescription",
    "reporting_status": "reportingStatus",
    "time_frame": "timeFrame",
    "parameter_type": "paramType",
    "dispersion_type": "dispersionType",
    "unit_of_measure": "unitOfMeasure",
    "is_percentage_calculated": "calculatePct",
    "units_analyzed": "typeUnitsAnalyzed",
    "denominator_units": "denomUnitsSelected",
}
ANALYSIS_COLUMNS = {
    "group_ids": "groupIds",
    "groups_description": "groupDescription",
    "statistical_method": "statisticalMethod",
    "statistical_comment": "statisticalComment",
    "p_value_text": "pValue",
    "p_value_comment": "pValueComment",
    "parameter_type": "paramType",
    "dispersion_type": "dispersionType",
    "confidence_interval_sides": "ciNumSides",
    "lower_limit_comment": "ciLowerLimitComment",
    "upper_limit_comment": "ciUpperLimitComment",
    "estimate_comment": "estimateComment",
    "is_non_inferiority_tested": "testedNonInferiority",
    "non_inferiority_type": "nonInferiorityType",
    "non_inferiority_comment": "nonInferiorityComment",
    "other_analysis_description": "otherAnalysisDescription",
}
ANALYSIS_NUMBERS = {
    "parameter_value": "paramValue",
    "dispersion_value": "dispersionValue",
    "confidence_level": "ciPctValue",
    "lower_limit": "ciLowerLimit",
    "upper_limit": "ciUpperLimit",
}
EVENT_COLUMNS = {
    "term": "term",
    "organ_system": "organSystem",
    "source_vocabulary": "sourceVocabulary",
    "assessment_type": "assessmentType",
    "notes": "notes",
}
STATS_COLUMNS = {
    "group_id": "groupId",
    "events": "numEvents",
    "participants_affected": "numAffected",
    "participants_at_risk": "numAtRisk",
}


def unposted_events(record: Record) -> list[Row]:
    return [
        {
            "event_number": number,
            "event_type": step.get("type"),
            "event_date_text": step.get("date"),
            "event_date": full_date(step.get("date")),
            "is_date_unknown": step.get("dateUnknown"),
        }
        for number, step in enumerate(items(record, f"{ANNOTATIONS}.unpostedAnnotation.unpostedEvents"), 1)
    ]


def violation_events(record: Record) -> list[Row]:
    notices = items(record, f"{ANNOTATIONS}.violationAnnotation.violationEvents")
    return [
        {
            "event_number": number,
            "event_type": notice.get("type"),
            "event_description": notice.get("description"),
            "created_on": full_date(notice.get("creationDate")),
            "issued_on": full_date(notice.get("issuedDate")),
            "released_on": full_date(notice.get("releaseDate")),
            "posted_on": full_date(notice.get("postedDate")),
        }
        for number, notice in enumerate(notices, 1)
    ]


def submissions(record: Record) -> list[Row]:
    rounds = items(record, "derivedSection.miscInfoModule.submissionTracking.submissionInfos")
    return [
        {
            "submission_number": number,
            "released_on": full_date(each.get("releaseDate")),
            "unreleased_on": full_date(each.get("unreleaseDate")),
            "is_unrelease_date_unknown": each.get("unreleaseDateUnknown"),
            "reset_on": full_date(each.get("resetDate")),
            "mcp_release_number": each.get("mcpReleaseN"),
        }
        for number, each in enumerate(rounds, 1)
    ]


def groups(record: Record) -> list[Row]:
    listed = [
        ("PARTICIPANT_FLOW", 0, items(record, f"{FLOW}.groups")),
        ("BASELINE", 0, items(record, "resultsSection.baselineCharacteristicsModule.groups")),
        ("ADVERSE_EVENTS", 0, items(record, f"{ADVERSE}.eventGroups")),
    ]
    outcomes = enumerate(items(record, OUTCOMES), 1)
    listed += [("OUTCOME", number, items(outcome, "groups")) for number, outcome in outcomes]
    return [
        {
            "result_type": result_type,
            "outcome_number": outcome_number,
            "group_number": number,
            "group_id": group.get("id"),
            "group_title": group.get("title"),
            "group_description": group.get("description"),
            **picked(group, DEATH_AND_EVENT_COUNTS),
        }
        for result_type, outcome_number, group_list in listed
        for number, group in enumerate(group_list, 1)
    ]


def participant_flow(record: Record) -> list[Row]:
    return [
        {
            "period_number": period_number,
            "period_title": period.get("title"),
            "flow_kind": kind,
            "flow_number": flow_number,
            "flow_title": flow.get("type"),
            "flow_comment": flow.get("comment"),
            "group_position": position,
            "group_id": group.get("groupId"),
            "group_comment": group.get("comment"),
            **with_numbers(group, {"participants": "numSubjects", "units": "numUnits"}),
        }
        for period_number, period in enumerate(items(record, f"{FLOW}.periods"), 1)
        for kind, flows, by_group in (
            ("MILESTONE", "milestones", "achievements"),
            ("WITHDRAWAL", "dropWithdraws", "reasons"),
        )
        for flow_number, flow in enumerate(items(period, flows), 1)
        for position, group in numbered(items(flow, by_group))
    ]


def outcomes(record: Record) -> list[Row]:
    return [
        {
            "outcome_number": number,
            **picked(outcome, OUTCOME_COLUMNS),
            **partial_date("anticipated_posting_date", outcome.get("anticipatedPostingDate")),
        }
        for number, outcome in enumerate(items(record, OUTCOMES), 1)
    ]


def analyses(record: Record) -> list[Row]:
    return [
        {
            "outcome_number": outcome_number,
            "analysis_number": number,
            **picked(analysis, ANALYSIS_COLUMNS),
            **with_numbers(analysis, ANALYSIS_NUMBERS),
            "p_value": p_value_in(analysis.get("pValue")),
            "p_value_relation": p_value_relation(analysis.get("pValue")),
        }
        for outcome_number, outcome in enumerate(items(record, OUTCOMES), 1)
        for number, analysis in enumerate(items(outcome, "analyses"), 1)
    ]


def adverse_events(record: Record) -> list[Row]:
    return [
        {
            "seriousness": seriousness,
            "event_number": number,
            **picked(event, EVENT_COLUMNS),
            "group_position": position,
            **picked(stats, STATS_COLUMNS),
        }
        for seriousness, name in (("SERIOUS", "seriousEvents"), ("OTHER", "otherEvents"))
        for number, event in enumerate(items(record, f"{ADVERSE}.{name}"), 1)
        for position, stats in numbered(items(event, "stats"))
    ]


def numbered(groups: list[Row]) -> list[tuple[int, Row]]:
    """From 1; where no group is given, one without values, numbered 0."""
    return list(enumerate(groups, 1)) or [(0, {})]
