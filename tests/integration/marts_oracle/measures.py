"""The rows that the numbers of baseline characteristics and outcome measures must have."""

from collections.abc import Iterator

from integration.marts_oracle.values import Record, Row, items, number_in, picked, with_numbers

BASELINE = "resultsSection.baselineCharacteristicsModule"
OUTCOMES = "resultsSection.outcomeMeasuresModule.outcomeMeasures"

MEASURE_COLUMNS = {
    "measure_title": "title",
    "measure_description": "description",
    "population_description": "populationDescription",
    "parameter_type": "paramType",
    "dispersion_type": "dispersionType",
    "unit_of_measure": "unitOfMeasure",
    "is_percentage_calculated": "calculatePct",
    "denominator_units": "denomUnitsSelected",
}
MEASUREMENT_NUMBERS = {
    "value": "value",
    "spread": "spread",
    "lower_limit": "lowerLimit",
    "upper_limit": "upperLimit",
}


def baseline_measures(record: Record) -> list[Row]:
    listed = enumerate(items(record, f"{BASELINE}.measures"), 1)
    return [{"measure_number": number, **picked(measure, MEASURE_COLUMNS)} for number, measure in listed]


def baseline_measurements(record: Record) -> list[Row]:
    return [
        {"measure_number": number, **row}
        for number, measure in enumerate(items(record, f"{BASELINE}.measures"), 1)
        for row in _measurements(measure)
    ]


def outcome_measurements(record: Record) -> list[Row]:
    return [
        {"outcome_number": number, **row}
        for number, outcome in enumerate(items(record, OUTCOMES), 1)
        for row in _measurements(outcome)
    ]


def _measurements(measure: Record) -> Iterator[Row]:
    """A class without categories, or a category without numbers, keeps one row, with position 0."""
    for class_number, each_class in enumerate(items(measure, "classes"), 1):
        for category_number, category in _numbered(each_class, "categories"):
            for number, measurement in _numbered(category, "measurements"):
                yield {
                    "class_number": class_number,
                    "class_title": each_class.get("title"),
                    "category_number": category_number,
                    "category_title": category.get("title"),
                    "measurement_number": number,
                    "group_id": measurement.get("groupId"),
                    "measurement_comment": measurement.get("comment"),
                    **with_numbers(measurement, MEASUREMENT_NUMBERS),
                }


def _numbered(holder: Record, name: str) -> list[tuple[int, Record]]:
    """The items of a list from 1; one empty item 0 in the place of an empty list."""
    return list(enumerate(items(holder, name), 1)) or [(0, {})]


def denominators(record: Record) -> list[Row]:
    return [
        {
            "scope": scope,
            "measure_number": measure_number,
            "class_number": class_number,
            "denominator_number": denominator_number,
            "units": denominator.get("units"),
            "count_number": count_number,
            "group_id": count.get("groupId"),
            "count_text": count.get("value"),
            "count": number_in(count.get("value")),
        }
        for scope, measure_number, class_number, holder in _holders_of_denominators(record)
        for denominator_number, denominator in enumerate(items(holder, "denoms"), 1)
        for count_number, count in enumerate(items(denominator, "counts"), 1)
    ]


def _holders_of_denominators(record: Record) -> Iterator[tuple[str, int, int, Record]]:
    """(scope, measure, class, the part of the record that lists denominators); 0 means all."""
    yield "BASELINE", 0, 0, {"denoms": items(record, f"{BASELINE}.denoms")}
    measures = items(record, f"{BASELINE}.measures"), "BASELINE_MEASURE", "BASELINE_CLASS"
    outcomes = items(record, OUTCOMES), "OUTCOME", "OUTCOME_CLASS"
    for listed, scope, scope_of_class in (measures, outcomes):
        for number, measure in enumerate(listed, 1):
            yield scope, number, 0, measure
            for class_number, each_class in enumerate(items(measure, "classes"), 1):
                yield scope_of_class, number, class_number, each_class
