"""The rules of AACT's tables that are easy to get wrong, on tiny made-up records."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from builders import a_study
from integration.aact_oracle import PARENTS, TABLES, aact_tables, with_keys_resolved
from integration.aact_oracle.values import end_of_period, float_or_null, number, p_value, p_value_modifier

Tables = dict[str, list[dict[str, Any]]]

BASELINE_GROUPS = [{"id": "BG000", "title": "Drug"}, {"id": "BG001", "title": "Placebo"}]


def tables_of(**changes: Any) -> Tables:
    """The tables of one made-up study without results."""
    return aact_tables([a_study(**changes)])


def tables_with_results(**modules: Any) -> Tables:
    return aact_tables([a_study() | {"resultsSection": modules}])


def a_measure(*classes: Any, **changes: Any) -> dict[str, Any]:
    return {"title": "Age", "classes": list(classes), **changes}


def a_class(code: str = "BG000", value: str = "5", **changes: Any) -> dict[str, Any]:
    return {"categories": [{"measurements": [{"groupId": code, "value": value}]}], **changes}


def counts(units: str, **values: str) -> dict[str, Any]:
    told = [{"groupId": code, "value": value} for code, value in values.items()]
    return {"units": units, "counts": told}


def an_outcome(title: str = "Survival", **changes: Any) -> dict[str, Any]:
    groups = [{"id": "OG000", "title": f"Drug, {title}"}, {"id": "OG001", "title": f"Placebo, {title}"}]
    return {"type": "PRIMARY", "title": title, "groups": groups, **changes}


def test_a_record_fills_only_known_tables_and_every_row_of_a_table_has_the_same_columns() -> None:
    tables = tables_of()
    assert set(TABLES) < set(tables)
    assert len(TABLES) == 45
    assert all(len({frozenset(row) for row in rows}) <= 1 for rows in tables.values())


def test_a_table_whose_root_is_absent_has_no_row() -> None:
    tables = tables_of()
    assert tables["participant_flows"] == tables["result_agreements"] == tables["designs"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0.1", 0.1), (".97", 0.97), ("1.", 1.0), (" 12 ", 12.0), ("-1e3", -1000.0), ("+5", 5.0)],
)
def test_a_number_is_the_whole_text(text: str, expected: float) -> None:
    assert number(text) == float_or_null(text) == expected


NO_NUMBERS = ["-0,083", "1,31", "1313,000", "<5", "NA", "", "1_000", "0x1f", "nan", "1e999", "\u0663", None]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_a_text_that_only_begins_like_a_number_is_none(text: str | None) -> None:
    assert number(text) is None
    assert float_or_null(text) is None


def test_groups_of_thousands_are_read_only_where_aact_has_no_converter() -> None:
    assert (number("1,313"), number("-1,234,567.5")) == (1313.0, -1234567.5)
    assert float_or_null("1,313") is None


def test_a_p_value_parts_from_its_modifier() -> None:
    told = ["<0.001", "< 0 .0125", "=.56", "0.25", ">=0.9", "<0,001", "not given", None]
    assert [p_value(text) for text in told] == [0.001, 0.0125, 0.56, 0.25, 0.9, None, None, None]
    assert [p_value_modifier(text) for text in told] == ["<", "<", "=", "", ">=", "<,", "not given", None]


def test_a_partial_date_is_the_end_of_its_period() -> None:
    assert end_of_period("2023") == date(2023, 12, 31)
    assert end_of_period("2024-02") == date(2024, 2, 29)
    assert end_of_period("2024-02-03") == end_of_period("2024-02-03T16:45") == date(2024, 2, 3)


@pytest.mark.parametrize("text", ["2023-02-29", "2023-13", "0000", "soon", "", None])
def test_an_impossible_date_is_none(text: str | None) -> None:
    assert end_of_period(text) is None


def test_only_the_anticipated_posting_date_is_the_first_of_its_month() -> None:
    tables = tables_with_results(
        outcomeMeasuresModule={"outcomeMeasures": [an_outcome(anticipatedPostingDate="2026-02")]}
    )
    (outcome,) = tables["outcomes"]
    assert outcome["anticipated_posting_date"] == date(2026, 2, 1)
    assert outcome["anticipated_posting_month_year"] == "2026-02"


def test_number_analyzed_is_the_group_s_count_in_the_nearest_denominators_of_its_units() -> None:
    overall = [counts("Eyes", BG000="80"), counts("Participants", BG000="1,040", BG001="41")]
    measures = [
        a_measure(a_class("BG001", denoms=[counts("Participants", BG000="7", BG001="8")])),
        a_measure(a_class("BG001"), denoms=[counts("Participants", BG001="9")]),
        a_measure(a_class("BG000"), denomUnitsSelected="Eyes"),
        a_measure(a_class("BG000")),
        a_measure(a_class("BG001", denoms=[counts("Participants", BG000="7")])),
    ]
    module = {"groups": BASELINE_GROUPS, "denoms": overall, "measures": measures}
    rows = tables_with_results(baselineCharacteristicsModule=module)["baseline_measurements"]
    assert [row["number_analyzed"] for row in rows] == [8, 9, 80, 1040, None]
    assert [row["number_analyzed_units"] for row in rows][2:4] == ["Eyes", "Participants"]


def test_number_analyzed_never_comes_from_another_study() -> None:
    def a_study_of(nct_id: str, total: str) -> dict[str, Any]:
        module = {"denoms": [counts("Participants", BG000=total)], "measures": [a_measure(a_class())]}
        return a_study(nct_id) | {"resultsSection": {"baselineCharacteristicsModule": module}}

    tables = aact_tables([a_study_of("NCT90000001", "128"), a_study_of("NCT90000002", "47")])
    assert [row["number_analyzed"] for row in tables["baseline_measurements"]] == [128, 47]


def test_classes_without_categories_give_an_empty_row_each_only_when_the_first_class_has_none() -> None:
    empty, full = {"title": "Empty"}, a_class(title="Full")
    module = {"measures": [a_measure(empty, full, empty), a_measure(full, empty, title="Sex"), a_measure()]}
    rows = tables_with_results(baselineCharacteristicsModule=module)["baseline_measurements"]
    assert [(row["title"], row["classification"], row["ctgov_group_code"]) for row in rows] == [
        ("Age", "Empty", None),
        ("Age", "Full", "BG000"),
        ("Age", "Empty", None),
        ("Sex", "Full", "BG000"),
    ]


def test_outcome_groups_belong_to_their_outcome_and_equal_groups_elsewhere_are_one() -> None:
    analysis = {"pValue": "<0.05", "groupIds": ["OG001", "OG009"]}
    outcomes = [
        an_outcome("Survival", analyses=[analysis], denoms=[counts("Participants", OG000="1,313")]),
        an_outcome("Relapse", classes=[a_class("OG000")]),
    ]
    tables = tables_with_results(
        outcomeMeasuresModule={"outcomeMeasures": outcomes},
        baselineCharacteristicsModule={"groups": [*BASELINE_GROUPS, BASELINE_GROUPS[0]]},
    )
    groups = {row["id"]: row["title"] for row in tables["result_groups"]}
    of_outcomes = ["Drug, Survival", "Placebo, Survival", "Drug, Relapse", "Placebo, Relapse"]
    assert list(groups.values()) == [*of_outcomes, "Drug", "Placebo"]
    assert groups[tables["outcome_measurements"][0]["result_group_id"]] == "Drug, Relapse"
    known, unknown = tables["outcome_analysis_groups"]
    assert groups[known["result_group_id"]] == "Placebo, Survival"
    assert unknown["result_group_id"] is None
    assert tables["outcome_counts"][0]["count"] == 1313


def test_a_milestone_s_description_is_the_comment_of_its_achievement() -> None:
    achievement = {"groupId": "FG000", "numSubjects": "12", "comment": "one left before dosing"}
    period = {"title": "Overall", "milestones": [{"type": "STARTED", "achievements": [achievement]}]}
    tables = tables_with_results(participantFlowModule={"groups": [{"id": "FG000"}], "periods": [period]})
    (milestone,) = tables["milestones"]
    assert milestone["description"] == "one left before dosing"
    assert milestone["result_group_id"] == tables["result_groups"][0]["id"]


def test_event_groups_give_three_totals_each_and_thresholds_keep_their_fraction() -> None:
    event = {"term": "Nausea", "stats": [{"groupId": "EG000", "numAffected": 2, "numAtRisk": 9}] * 2}
    tables = tables_with_results(
        adverseEventsModule={
            "frequencyThreshold": "0.1",
            "eventGroups": [{"id": "EG000", "seriousNumAffected": 3}],
            "otherEvents": [event, {"term": "Untold"}],
        }
    )
    totals = tables["reported_event_totals"]
    told = [(row["event_type"], row["subjects_affected"]) for row in totals]
    assert told == [("serious", 3), ("other", None), ("deaths", None)]
    assert [row["frequency_threshold"] for row in tables["reported_events"]] == [0.1, 0.1]
    (values,) = tables["calculated_values"]
    assert (values["number_of_sae_subjects"], values["number_of_nsae_subjects"]) == (None, 4)
    assert values["were_results_reported"] is False


def test_the_last_arm_of_a_label_is_meant_and_an_unknown_label_means_none() -> None:
    arms = [{"label": "A", "type": "EXPERIMENTAL"}, {"label": "A", "type": "NO_INTERVENTION"}]
    tables = tables_of(
        armsInterventionsModule__armGroups=arms,
        armsInterventionsModule__interventions=[{"name": "Water", "armGroupLabels": ["A", "B"]}],
        designModule__studyType="INTERVENTIONAL",
    )
    second_arm = tables["design_groups"][1]["id"]
    assert [row["design_group_id"] for row in tables["design_group_interventions"]] == [second_arm, None]
    assert (tables["studies"][0]["number_of_arms"], tables["studies"][0]["number_of_groups"]) == (2, None)


def test_people_of_a_place_part_by_role_before_the_first_contact_is_primary() -> None:
    people = [
        {"name": "Ann", "role": "PRINCIPAL_INVESTIGATOR"},
        {"name": "Bo", "role": "CONTACT"},
        {"name": "Cy", "role": "STUDY_CHAIR"},
        {"name": "Di"},
    ]
    location = {"facility": "Clinic", "country": "Guam", "contacts": people}
    tables = tables_of(contactsLocationsModule__locations=[location])
    assert [row["name"] for row in tables["facility_investigators"]] == ["Ann", "Cy"]
    contacts = [(row["name"], row["contact_type"]) for row in tables["facility_contacts"]]
    assert contacts == [("Bo", "primary"), ("Di", "backup")]


def test_calculated_values_say_nothing_of_places_a_study_does_not_have() -> None:
    without, abroad = tables_of(), {"facility": "Clinic", "country": "France"}
    (nowhere,) = without["calculated_values"]
    assert (nowhere["number_of_facilities"], nowhere["has_us_facility"]) == (0, None)
    at_home = {"facility": "Clinic", "country": "Virgin Islands (U.S.)"}
    (both,) = tables_of(contactsLocationsModule__locations=[abroad, at_home])["calculated_values"]
    assert (both["has_us_facility"], both["has_single_facility"]) == (True, False)


def test_months_are_cut_off_toward_zero_and_an_estimated_date_has_no_duration() -> None:
    dates = {
        "statusModule__startDateStruct": {"date": "2025-03-01"},
        "statusModule__primaryCompletionDateStruct": {"date": "2025-04-29", "type": "ACTUAL"},
        "statusModule__resultsFirstSubmitDate": "2025-03-01",
    }
    (actual,) = tables_of(**dates)["calculated_values"]
    assert (actual["actual_duration"], actual["months_to_report_results"]) == (1, -1)
    dates["statusModule__startDateStruct"] = {"date": "2025-03-01", "type": "ESTIMATED"}
    (estimated,) = tables_of(**dates)["calculated_values"]
    assert estimated["actual_duration"] is None


def test_an_age_gives_its_number_and_its_unit_in_the_singular() -> None:
    (values,) = tables_of(eligibilityModule__minimumAge="18 Years")["calculated_values"]
    assert (values["minimum_age_num"], values["minimum_age_unit"]) == (18, "year")
    assert (values["maximum_age_num"], values["maximum_age_unit"]) == (None, None)


def test_countries_are_told_once_and_views_leave_out_the_removed_ones() -> None:
    places = [{"country": "Peru", "city": "Lima"}, {"country": "Chile"}, {"country": "Peru", "city": "Cusco"}]
    study = a_study(contactsLocationsModule__locations=places)
    study["derivedSection"] = {"miscInfoModule": {"removedCountries": ["Peru", "Cuba"]}}
    tables = aact_tables([study])
    told = [(row["name"], row["removed"]) for row in tables["countries"]]
    assert told == [("Peru", False), ("Chile", False), ("Peru", True), ("Cuba", True)]
    assert tables["all_countries"][0]["names"] == "Chile|Peru"
    assert tables["all_cities"][0]["names"] == "Cusco|Lima"
    assert tables["all_states"][0]["names"] == ""


def test_text_has_no_nul_and_is_composed() -> None:
    tables = tables_of(conditionsModule__conditions=["Me\0nie\u0301re"])
    assert tables["conditions"][0]["name"] == "Meni\u00e9re"


def with_other_ids(tables: Tables) -> Tables:
    """The same rows with numbers for ids, in another order, as a database gives them."""
    numbers: dict[Any, int] = {}
    renamed: Tables = {}
    for table, rows in tables.items():
        renamed[table] = [
            {
                column: numbers.setdefault(value, len(numbers))
                if column in {"id", *PARENTS} and value
                else value
                for column, value in row.items()
            }
            for row in rows
        ]
        random.Random(7).shuffle(renamed[table])
    return renamed


def test_tables_with_other_ids_are_equal_until_a_key_points_elsewhere() -> None:
    outcomes = [an_outcome("Survival", classes=[a_class("OG000")]), an_outcome("Relapse")]
    tables = tables_with_results(outcomeMeasuresModule={"outcomeMeasures": outcomes})
    others = with_other_ids(tables)
    assert with_keys_resolved(tables) == with_keys_resolved(others)
    (measurement,) = others["outcome_measurements"]
    relapse = next(row for row in others["outcomes"] if row["title"] == "Relapse")
    measurement["outcome_id"] = relapse["id"]
    different = {
        table
        for table, rows in with_keys_resolved(tables).items()
        if rows != with_keys_resolved(others)[table]
    }
    assert different == {"outcome_measurements"}


def test_a_key_to_no_row_differs_from_no_key_and_exact_decimals_equal_floats() -> None:
    def a_count(outcome_id: int | None, count: Any) -> Tables:
        return {"outcomes": [], "outcome_counts": [{"id": 1, "outcome_id": outcome_id, "count": count}]}

    assert with_keys_resolved(a_count(None, 0.1)) == with_keys_resolved(a_count(None, Decimal("0.1")))
    assert with_keys_resolved(a_count(None, 0.1)) != with_keys_resolved(a_count(9, 0.1))
