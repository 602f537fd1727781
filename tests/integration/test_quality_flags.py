"""Flags of trials: of real records by an independent reading, each rule by one trait, since when, trends."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import MONDAY, TUESDAY, WEDNESDAY, MadeUpRegistry, a_study, build_and_publish, home_of, rows_of
from integration.conftest import Outcome
from integration.quality_oracle import broken_rules
from trialhouse.local_registry.reference_trials import EXOSOME_TRIAL, FRAILTY_TRIAL, ReferenceTrials
from trialhouse.settings import Settings
from trialhouse.sync import sync_day

FLAGS = "select rule from marts.fct_quality_flags where nct_id = ? order by rule"
# Which the record alone does not show; a trend marks no trial.
NOT_OF_ONE_RECORD = {
    "unusual_transition",
    "enrollment_outlier",
    "org_study_id_shared",
    "post_date_went_back",
    "secondary_id_shared",
}
TRENDS = {"stopped_without_reason"}

STATUS = "statusModule__"
DESIGN = "designModule__designInfo__"
ARMS = "armsInterventionsModule__"
OUTCOMES = "outcomesModule__"
ELIGIBILITY = "eligibilityModule__"
SITES = "contactsLocationsModule__locations"
A_SITE = {"facility": "City Hospital", "city": "Lodz", "country": "Poland"}
ONE_ARM = [{"label": "A", "type": "EXPERIMENTAL", "interventionNames": ["Drug: X"]}]
SALINE = {"type": "BIOLOGICAL", "name": "Placebo (Saline)"}
TWO_ARMS = [*ONE_ARM, {"label": "B", "type": "PLACEBO_COMPARATOR"}]
X = {"type": "DRUG", "name": "X", "armGroupLabels": ["A"]}
# Nothing is the matter with it.
SOUND: dict[str, Any] = {
    f"{STATUS}studyFirstSubmitDate": "2025-01-20",
    f"{STATUS}primaryCompletionDateStruct": {"date": "2027-01", "type": "ESTIMATED"},
    f"{STATUS}completionDateStruct": {"date": "2027-06", "type": "ESTIMATED"},
    f"{ARMS}armGroups": ONE_ARM,
    f"{ARMS}interventions": [X],
    f"{OUTCOMES}primaryOutcomes": [{"measure": "Blood pressure", "timeFrame": "1 year"}],
    f"{ELIGIBILITY}minimumAge": "18 Years",
    f"{ELIGIBILITY}stdAges": ["ADULT", "OLDER_ADULT"],
    SITES: [A_SITE, {"facility": "Example Pharma", "city": "Graz", "country": "Austria"}],
}


def estimated(day: str) -> dict[str, str]:
    return {"date": day, "type": "ESTIMATED"}


def actual(day: str) -> dict[str, str]:
    return {"date": day, "type": "ACTUAL"}


def enrolled(count: int, kind: str = "ESTIMATED") -> dict[str, Any]:
    return {"count": count, "type": kind}


# One trait each, beside SOUND.
TRAITS: dict[str, dict[str, Any]] = {
    "date_unreadable": {f"{STATUS}completionDateStruct": estimated("2027-13")},
    "date_out_of_range": {f"{STATUS}completionDateStruct": estimated("2072-06")},
    "start_after_primary_completion": {f"{STATUS}primaryCompletionDateStruct": estimated("2025-02")},
    "start_after_completion": {
        f"{STATUS}primaryCompletionDateStruct": None,
        f"{STATUS}completionDateStruct": estimated("2025-02-28"),
    },
    "primary_completion_after_completion": {f"{STATUS}completionDateStruct": estimated("2026-12-31")},
    "actual_date_in_future": {
        f"{STATUS}primaryCompletionDateStruct": actual("2026-02"),
        "designModule__enrollmentInfo": enrolled(40, "ACTUAL"),
    },
    "posting_dates_out_of_order": {f"{STATUS}studyFirstPostDateStruct": actual("2025-12-23")},
    "verified_after_update": {f"{STATUS}statusVerifiedDate": "2026-01"},
    "retro_registration_30d": {f"{STATUS}startDateStruct": actual("2024-12-20")},
    "retro_registration_1y": {f"{STATUS}startDateStruct": actual("2023")},
    "retro_registration_5y": {f"{STATUS}startDateStruct": actual("2020-01-19")},
    "withdrawn_with_enrollment": {f"{STATUS}overallStatus": "WITHDRAWN", f"{STATUS}whyStopped": "None"},
    "unknown_without_last_known_status": {f"{STATUS}overallStatus": "UNKNOWN"},
    "completed_without_actual_completion": {f"{STATUS}overallStatus": "COMPLETED"},
    "not_yet_recruiting_but_started": {f"{STATUS}overallStatus": "NOT_YET_RECRUITING"},
    "expanded_access_status_elsewhere": {f"{STATUS}overallStatus": "AVAILABLE"},
    "suspended_at_first_posting": {
        f"{STATUS}overallStatus": "SUSPENDED",
        f"{STATUS}studyFirstPostDateStruct": actual("2025-12-22"),
    },
    "enrollment_negative": {"designModule__enrollmentInfo": enrolled(-1)},
    "enrollment_absurd": {"designModule__enrollmentInfo": enrolled(99999999)},
    "enrollment_type_missing": {"designModule__enrollmentInfo": {"count": 40}},
    "enrollment_type_contradicts_completion": {
        "designModule__enrollmentInfo": {"count": 40, "type": "ACTUAL"}
    },
    "randomized_single_group": {
        f"{DESIGN}allocation": "RANDOMIZED",
        f"{DESIGN}interventionModel": "SINGLE_GROUP",
        f"{ARMS}armGroups": TWO_ARMS,
    },
    "single_group_with_allocation": {
        f"{DESIGN}allocation": "NON_RANDOMIZED",
        f"{DESIGN}interventionModel": "SINGLE_GROUP",
    },
    "masking_contradicts_roles": {
        f"{DESIGN}maskingInfo": {"masking": "TRIPLE", "whoMasked": ["PARTICIPANT", "INVESTIGATOR"]}
    },
    "placebo_without_masking": {f"{DESIGN}maskingInfo": {"masking": "NONE"}, f"{ARMS}armGroups": TWO_ARMS},
    "observational_with_phase": {"designModule__studyType": "OBSERVATIONAL"},
    "arm_label_unresolved": {f"{ARMS}interventions": [{**X, "armGroupLabels": ["A", "C"]}]},
    "intervention_name_unresolved": {
        f"{ARMS}armGroups": [{**ONE_ARM[0], "interventionNames": ["Drug: X", "Drug: Y"]}]
    },
    "arm_label_repeated": {f"{ARMS}armGroups": [*ONE_ARM, *ONE_ARM]},
    "interventional_without_arms": {f"{ARMS}armGroups": [], f"{ARMS}interventions": []},
    "saline_typed_biological": {
        f"{ARMS}interventions": [X, {"type": "BIOLOGICAL", "name": "Placebo (Saline)"}]
    },
    "placebo_typed_drug": {f"{ARMS}interventions": [X, {"type": "DRUG", "name": "Placebo tablet"}]},
    "age_unreadable": {f"{ELIGIBILITY}maximumAge": "very old"},
    "age_minimum_above_maximum": {f"{ELIGIBILITY}maximumAge": "200 Months", f"{ELIGIBILITY}stdAges": None},
    "standard_ages_contradict": {f"{ELIGIBILITY}maximumAge": "64 Years"},
    "no_sites": {SITES: None},
    "generic_facility_name": {SITES: [A_SITE, {**A_SITE, "facility": "Research Site 12"}]},
    "sponsor_is_only_site": {SITES: [{**A_SITE, "facility": "EXAMPLE  Pharma"}]},
    "state_missing": {SITES: [A_SITE, {**A_SITE, "country": "Canada"}]},
    "country_missing": {SITES: [A_SITE, {"facility": "Nowhere", "city": "Nowhere"}]},
    "country_unknown": {SITES: [A_SITE, {**A_SITE, "country": "Atlantis"}]},
    "site_outside_country": {SITES: [A_SITE, {**A_SITE, "geoPoint": {"lat": 51.77, "lon": -19.45}}]},
    "lead_sponsor_missing": {"sponsorCollaboratorsModule__leadSponsor": {"class": "INDUSTRY"}},
    "responsible_party_affiliation_missing": {
        "sponsorCollaboratorsModule__responsibleParty": {"type": "PRINCIPAL_INVESTIGATOR"}
    },
    "no_primary_outcome": {f"{OUTCOMES}primaryOutcomes": None},
    "primary_outcome_without_time_frame": {f"{OUTCOMES}primaryOutcomes": [{"measure": "Blood pressure"}]},
    "time_frame_only_numerals": {f"{OUTCOMES}secondaryOutcomes": [{"measure": "Pulse", "timeFrame": "12"}]},
    "outcome_title_not_specific": {
        f"{OUTCOMES}primaryOutcomes": [{"measure": "Safety.", "timeFrame": "1 year"}]
    },
    "results_contradict_their_date": {f"{STATUS}resultsFirstPostDateStruct": actual("2025-12-01")},
    "fda_regulated_without_us_link": {"oversightModule__isFdaRegulatedDrug": True},
}


def _without_nothing(record: dict[str, Any]) -> dict[str, Any]:
    """A trait of None takes a field away, as the registry leaves out what is not given."""
    return {
        name: _without_nothing(value) if isinstance(value, dict) else value
        for name, value in record.items()
        if value is not None
    }


@pytest.fixture(scope="module")
def traits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The flags of a trial a trait, and of a sound one, by name; others keep the gate of arrival open."""
    with_sound: dict[str, dict[str, Any]] = {"sound": {}} | TRAITS
    records = {
        name: a_study(f"NCT9100{number:04}", **(SOUND | changes))
        for number, (name, changes) in enumerate(with_sound.items())
    }
    others = [a_study(f"NCT9200{number:04}", designModule__phases=["PHASE3"]) for number in range(60)]
    source = MadeUpRegistry({MONDAY: [_without_nothing(record) for record in [*records.values(), *others]]})
    with home_of(source, tmp_path_factory.mktemp("traits")) as settings:
        sync_day(settings, MONDAY)
        build_and_publish(settings, MONDAY)
        return {
            name: [rule for (rule,) in rows_of(settings, FLAGS, f"NCT9100{number:04}")]
            for number, name in enumerate(records)
        }


def test_a_sound_trial_has_no_flag(traits: dict[str, list[str]]) -> None:
    assert traits["sound"] == []


@pytest.mark.parametrize("rule", TRAITS)
def test_a_trait_raises_its_flag_and_no_other(traits: dict[str, list[str]], rule: str) -> None:
    assert traits[rule] == [rule]


def test_every_rule_has_a_trait(nine_days: Outcome) -> None:
    rules = {rule for (rule,) in nine_days.rows("select rule from marts.dim_quality_rules")}
    assert rules == set(TRAITS) | NOT_OF_ONE_RECORD | TRENDS


@pytest.mark.parametrize("fixture", ["nine_days", "broad"])
def test_flags_of_real_records_equal_an_independent_reading(
    fixture: str, request: pytest.FixtureRequest
) -> None:
    outcome: Outcome = request.getfixturevalue(fixture)
    last: dict[str, Any] = {}
    for records in outcome.days.values():
        last |= records
    expected = {(nct_id, rule) for nct_id, record in last.items() for rule in broken_rules(record) - TRENDS}
    found = set(outcome.rows("select nct_id, rule from marts.fct_quality_flags"))
    assert {row for row in found if row[1] not in NOT_OF_ONE_RECORD} == expected
    assert len({rule for _, rule in expected}) >= 10


def test_no_site_of_a_real_record_is_in_an_unknown_country_or_outside_of_its_own(broad: Outcome) -> None:
    rules = "('country_unknown', 'site_outside_country')"
    assert broad.rows(f"select nct_id, rule from marts.fct_quality_flags where rule in {rules}") == []
    assert broad.rows("select count(*) > 10000 from marts.fct_trial_sites") == [(True,)]


def test_metrics_of_real_days_equal_an_independent_count(nine_days: Outcome) -> None:
    expected: dict[tuple[str, date], int] = {}
    for day, records in nine_days.days.items():
        for record in records.values():
            for rule in broken_rules(record):
                expected[f"rule.{rule}", day] = expected.get((f"rule.{rule}", day), 0) + 1
    found = nine_days.rows(
        "select metric, snapshot_date, counted from marts.fct_quality_metrics "
        "where starts_with(metric, 'rule.') and counted > 0"
    )
    assert {(metric, day): counted for metric, day, counted in found} == expected


def test_trials_list_their_flags_gravest_first(nine_days: Outcome) -> None:
    wrong = nine_days.rows("""
        select trials.nct_id
        from marts.dim_trials as trials
        left join (
            select nct_id, list(rule order by weight desc, rule) as rules, sum(weight) as weight
            from marts.fct_quality_flags
            group by nct_id
        ) as flags using (nct_id)
        where
            trials.quality_flags <> coalesce(flags.rules, [])
            or trials.quality_score <> greatest(100 - coalesce(flags.weight, 0), 0)
    """)
    assert wrong == []


def test_the_reference_trials_have_exactly_their_flags(tmp_path: Path) -> None:
    fortnight = [date(2025, 8, 28) + timedelta(days=number) for number in range(6)]
    trials = ReferenceTrials(fortnight)
    first, last = fortnight[0], fortnight[-1]
    records = {
        day: [json.loads(record) for nct_id in trials.ids if (record := trials.study(day, nct_id))]
        for day in (first, last)
    }
    with home_of(MadeUpRegistry(records), tmp_path) as settings:
        for day in (first, last):
            sync_day(settings, day)
        build_and_publish(settings, last)
        flags = {nct_id: {rule for (rule,) in rows_of(settings, FLAGS, nct_id)} for nct_id in trials.ids}
        since = rows_of(settings, "select distinct since from marts.fct_quality_flags")
    assert flags[FRAILTY_TRIAL] == {"no_sites"}
    assert flags[EXOSOME_TRIAL] == {
        "randomized_single_group",
        "retro_registration_5y",
        "saline_typed_biological",
        "responsible_party_affiliation_missing",
        "sponsor_is_only_site",
    }
    assert since == [(first,)]


def days_of(settings: Settings, days: list[date]) -> None:
    for day in days:
        sync_day(settings, day)
    build_and_publish(settings, days[-1])


def test_a_flag_stands_since_the_last_time_it_was_raised(tmp_path: Path) -> None:
    def study(nct_id: str, count: int, title: str = "A trial") -> dict[str, Any]:
        return a_study(
            nct_id,
            **SOUND,
            designModule__enrollmentInfo=enrolled(count),
            identificationModule__briefTitle=title,
        )

    days = {
        MONDAY: [study("NCT90000001", -1), study("NCT90000002", -1)],
        TUESDAY: [study("NCT90000001", 5), study("NCT90000002", -2)],
        WEDNESDAY: [study("NCT90000001", -1), study("NCT90000002", -2, "Another title")],
    }
    with home_of(MadeUpRegistry(days), tmp_path) as settings:
        days_of(settings, list(days))
        since = rows_of(
            settings, "select nct_id, rule, since, since_clock from marts.fct_quality_flags order by all"
        )
    assert since == [
        ("NCT90000001", "enrollment_negative", WEDNESDAY, "OBSERVED"),
        ("NCT90000002", "enrollment_negative", MONDAY, "OBSERVED"),
    ]


def test_an_update_posted_earlier_than_one_before_is_flagged_until_it_is_overtaken(tmp_path: Path) -> None:
    def study(nct_id: str, posted: str, title: str = "A trial") -> dict[str, Any]:
        changes = {f"{STATUS}lastUpdatePostDateStruct": actual(posted)}
        return a_study(nct_id, **(SOUND | changes), identificationModule__briefTitle=title)

    days = {
        MONDAY: [study("NCT90000001", "2026-01-05"), study("NCT90000002", "2026-01-05")],
        TUESDAY: [study("NCT90000001", "2026-01-02"), study("NCT90000002", "2026-01-02")],
        WEDNESDAY: [study("NCT90000001", "2026-01-02", "Another title"), study("NCT90000002", "2026-01-07")],
    }
    with home_of(MadeUpRegistry(days), tmp_path) as settings:
        days_of(settings, list(days))
        found = rows_of(settings, "select nct_id, rule, since from marts.fct_quality_flags")
    assert found == [("NCT90000001", "post_date_went_back", TUESDAY)]


def test_an_identifier_is_shared_since_there_were_too_many(tmp_path: Path) -> None:
    def study(number: int, org_id: str, sponsor: str = "Example Pharma") -> dict[str, Any]:
        return a_study(
            f"NCT9000000{number}",
            **SOUND,
            identificationModule__orgStudyIdInfo={"id": org_id},
            identificationModule__secondaryIdInfos=[{"id": "GRANT 1"}],
            sponsorCollaboratorsModule__leadSponsor={"name": sponsor, "class": "INDUSTRY"},
        )

    days = {
        MONDAY: [study(1, "EP-1"), study(2, "EP-2"), study(3, "EP-1", "Other Pharma")],
        TUESDAY: [study(1, "EP-1"), study(2, "ep-1"), study(3, "EP-1", "Other Pharma")],
        WEDNESDAY: [study(1, "EP-1"), study(2, "ep-1"), study(3, "EP-1", "Other Pharma"), study(4, "EP-9")],
    }
    with home_of(MadeUpRegistry(days), tmp_path) as settings:
        days_of(settings, list(days))
        found = rows_of(settings, "select rule, nct_id, since from marts.fct_quality_flags order by all")
    assert found == [
        ("org_study_id_shared", "NCT90000001", TUESDAY),
        ("org_study_id_shared", "NCT90000002", TUESDAY),
        *[("secondary_id_shared", f"NCT9000000{number}", WEDNESDAY) for number in (1, 2, 3, 4)],
    ]


def test_a_way_back_from_an_end_is_unusual_until_the_next_status(tmp_path: Path) -> None:
    def study(nct_id: str, status: str) -> dict[str, Any]:
        return a_study(nct_id, **(SOUND | {f"{STATUS}overallStatus": status}))

    days = {
        MONDAY: [study("NCT90000001", "TERMINATED"), study("NCT90000002", "TERMINATED")],
        TUESDAY: [study("NCT90000001", "RECRUITING"), study("NCT90000002", "RECRUITING")],
        WEDNESDAY: [study("NCT90000001", "RECRUITING"), study("NCT90000002", "ACTIVE_NOT_RECRUITING")],
    }
    with home_of(MadeUpRegistry(days), tmp_path) as settings:
        days_of(settings, list(days))
        found = rows_of(settings, "select nct_id, rule, since from marts.fct_quality_flags")
    assert found == [("NCT90000001", "unusual_transition", TUESDAY)]


def test_an_enrolment_far_from_its_phase_is_an_outlier(tmp_path: Path) -> None:
    sizes = [30 + number % 20 for number in range(120)] + [900_000]
    records = [
        a_study(f"NCT9000{number:04}", **SOUND, designModule__enrollmentInfo=enrolled(size))
        for number, size in enumerate(sizes)
    ]
    with home_of(MadeUpRegistry({MONDAY: records}), tmp_path) as settings:
        days_of(settings, [MONDAY])
        found = rows_of(settings, "select nct_id, rule, since from marts.fct_quality_flags")
        clean = rows_of(settings, "select max(enrollment_count_clean) from marts.dim_trials")
    assert found == [("NCT90000120", "enrollment_outlier", MONDAY)]
    assert clean == [(900_000,)]
