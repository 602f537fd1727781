"""Posted outcomes with their groups, denominators, measurements and analyses."""

from typing import Any

from integration.aact_oracle.participants import MEASURE_TEXTS, leaf_measurements, measured
from integration.aact_oracle.reading import Key, Study, at, listed, picked
from integration.aact_oracle.values import first_of_month, float_or_null, number, p_value, p_value_modifier

OUTCOME_TEXTS = {
    "outcome_type": "type",
    "title": "title",
    "description": "description",
    "time_frame": "timeFrame",
    "population": "populationDescription",
    "anticipated_posting_month_year": "anticipatedPostingDate",
    "units": "unitOfMeasure",
    "units_analyzed": "typeUnitsAnalyzed",
    "dispersion_type": "dispersionType",
    "param_type": "paramType",
}
ANALYSIS_TEXTS = {
    "non_inferiority_type": "nonInferiorityType",
    "non_inferiority_description": "nonInferiorityComment",
    "param_type": "paramType",
    "dispersion_type": "dispersionType",
    "ci_n_sides": "ciNumSides",
    "ci_upper_limit_na_comment": "ciUpperLimitComment",
    "p_value_description": "pValueComment",
    "method": "statisticalMethod",
    "method_description": "statisticalComment",
    "estimate_description": "estimateComment",
    "groups_description": "groupDescription",
    "other_analysis_description": "otherAnalysisDescription",
    "ci_upper_limit_raw": "ciUpperLimit",
    "ci_lower_limit_raw": "ciLowerLimit",
    "p_value_raw": "pValue",
}


def read_outcomes(study: Study) -> None:
    for outcome in listed(study.record, "resultsSection.outcomeMeasuresModule.outcomeMeasures"):
        key = study.add(
            "outcomes",
            **picked(outcome, OUTCOME_TEXTS),
            anticipated_posting_date=first_of_month(at(outcome, "anticipatedPostingDate")),
        )
        _read_groups(study, key, outcome)
        _read_counts(study, key, outcome)
        _read_measurements(study, key, outcome)
        for analysis in listed(outcome, "analyses"):
            _read_analysis(study, key, analysis)


def _read_groups(study: Study, outcome_key: Key, outcome: Any) -> None:
    for group in listed(outcome, "groups"):
        code = at(group, "id")
        study.result_groups[outcome_key, code] = study.add(
            "result_groups",
            ctgov_group_code=code,
            result_type="Outcome",
            title=at(group, "title"),
            description=at(group, "description"),
            outcome_id=outcome_key,
        )


def _read_counts(study: Study, outcome_key: Key, outcome: Any) -> None:
    """The denominators of the whole outcome; those of its classes have no table here."""
    for denominator in listed(outcome, "denoms"):
        for count in listed(denominator, "counts"):
            code = at(count, "groupId")
            study.add(
                "outcome_counts",
                outcome_id=outcome_key,
                result_group_id=study.group(outcome_key, code),
                ctgov_group_code=code,
                scope="Measure",
                units=at(denominator, "units"),
                count=number(at(count, "value")),
            )


def _read_measurements(study: Study, outcome_key: Key, outcome: Any) -> None:
    for in_class, category, measurement in leaf_measurements(outcome):
        study.add(
            "outcome_measurements",
            outcome_id=outcome_key,
            result_group_id=study.group(outcome_key, at(measurement, "groupId")),
            classification=at(in_class, "title"),
            category=at(category, "title"),
            **picked(outcome, MEASURE_TEXTS),
            **measured(measurement),
            dispersion_upper_limit_raw=at(measurement, "upperLimit"),
            dispersion_lower_limit_raw=at(measurement, "lowerLimit"),
        )


def _read_analysis(study: Study, outcome_key: Key, analysis: Any) -> None:
    key = study.add(
        "outcome_analyses",
        outcome_id=outcome_key,
        **picked(analysis, ANALYSIS_TEXTS),
        param_value=number(at(analysis, "paramValue")),
        dispersion_value=number(at(analysis, "dispersionValue")),
        p_value_modifier=p_value_modifier(at(analysis, "pValue")),
        p_value=p_value(at(analysis, "pValue")),
        ci_percent=float_or_null(at(analysis, "ciPctValue")),
        ci_lower_limit=float_or_null(at(analysis, "ciLowerLimit")),
        ci_upper_limit=float_or_null(at(analysis, "ciUpperLimit")),
    )
    for code in listed(analysis, "groupIds"):
        study.add(
            "outcome_analysis_groups",
            outcome_analysis_id=key,
            result_group_id=study.group(outcome_key, code),
            ctgov_group_code=code,
        )
