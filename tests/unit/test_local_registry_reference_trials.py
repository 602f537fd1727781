"""The two reference trials: what their public pages show must be in the record."""

import json
import re
from datetime import date
from typing import Any

import pytest

from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.reference_trials import EXOSOME_TRIAL, FRAILTY_TRIAL, WHY_SUSPENDED

REGISTRY = GeneratedRegistry(size=0)
DAYS = REGISTRY.days()


def record(nct_id: str, day: date = DAYS[-1]) -> dict[str, Any]:
    study = REGISTRY.study(day, nct_id)
    assert study is not None
    whole: dict[str, Any] = json.loads(study)
    return whole


def protocol(nct_id: str, day: date = DAYS[-1]) -> dict[str, Any]:
    section: dict[str, Any] = record(nct_id, day)["protocolSection"]
    return section


def criteria(nct_id: str) -> tuple[list[str], list[str]]:
    """The lines of the inclusion and of the exclusion part."""
    text = protocol(nct_id)["eligibilityModule"]["eligibilityCriteria"]
    included, excluded = text.split("Exclusion Criteria:")
    assert included.startswith("Inclusion Criteria:\n\n")
    return included.splitlines(), excluded.splitlines()


def numbers(lines: list[str], indent: str = "") -> list[int]:
    return [int(found[1]) for line in lines if (found := re.match(rf"{indent}(\d+)\. ", line))]


def test_frailty_trial_shows_what_its_page_shows() -> None:
    section = protocol(FRAILTY_TRIAL)
    assert section["identificationModule"]["briefTitle"] == (
        "Safety and Tolerability Study of Mesenchymal Stem Cells, HeXell-2020, in Elderly Subjects"
        " With Mild to Moderate Frailty Syndrome"
    )
    assert section["identificationModule"]["orgStudyIdInfo"] == {"id": "HeXell-2020-FS-001"}
    assert section["sponsorCollaboratorsModule"]["leadSponsor"] == {
        "name": "Hexun Biosciences Co., LTD.",
        "class": "INDUSTRY",
    }
    assert section["conditionsModule"]["conditions"] == ["Frailty in Older Adults"]
    assert section["designModule"] == {
        "studyType": "INTERVENTIONAL",
        "phases": ["PHASE1"],
        "designInfo": {
            "allocation": "NA",
            "interventionModel": "SEQUENTIAL",
            "primaryPurpose": "TREATMENT",
            "maskingInfo": {"masking": "NONE"},
        },
        "enrollmentInfo": {"count": 12, "type": "ESTIMATED"},
    }


def test_frailty_trial_has_one_arm_two_contacts_and_no_site() -> None:
    section = protocol(FRAILTY_TRIAL)
    (arm,) = section["armsInterventionsModule"]["armGroups"]
    assert (arm["label"], arm["type"]) == ("Cell Drug:HeXell-2020", "EXPERIMENTAL")
    assert arm["interventionNames"] == ["Drug: HeXell-2020"]
    assert "3 doses" in arm["description"]
    assert "6 doses" in arm["description"]
    contacts = [contact["name"] for contact in section["contactsLocationsModule"]["centralContacts"]]
    assert contacts == ["Simon Huang, Dr.", "Wannhsin Chen, Dr."]
    assert "locations" not in section["contactsLocationsModule"]


def test_frailty_criteria_keep_their_numbers_and_their_nesting() -> None:
    included, excluded = criteria(FRAILTY_TRIAL)
    assert numbers(included) == [1, 2, 3, 4, 5]
    assert numbers(excluded) == list(range(1, 17))
    assert numbers(excluded, indent=" {3,4}") == [1, 2, 3, 4, 1, 2, 3, 4]
    fourth, fourteenth = (
        excluded.index(next(x for x in excluded if x.startswith(n))) for n in ("4. ", "14. ")
    )
    assert (
        numbers(excluded[fourth : fourth + 6], " {3}")
        == numbers(excluded[fourteenth:], " {4}")
        == [1, 2, 3, 4]
    )
    assert "ALL" in included[2]
    assert "ANY" in excluded[2]


def test_frailty_ages_sex_and_volunteers() -> None:
    eligibility = protocol(FRAILTY_TRIAL)["eligibilityModule"]
    shown = {name: eligibility[name] for name in ("minimumAge", "maximumAge", "sex", "healthyVolunteers")}
    assert shown == {
        "minimumAge": "60 Years",
        "maximumAge": "85 Years",
        "sex": "ALL",
        "healthyVolunteers": False,
    }


def test_frailty_trial_never_opens_in_the_sample() -> None:
    statuses = {protocol(FRAILTY_TRIAL, day)["statusModule"]["overallStatus"] for day in DAYS}
    assert statuses == {"NOT_YET_RECRUITING"}


def test_exosome_trial_shows_what_its_page_shows() -> None:
    section = protocol(EXOSOME_TRIAL)
    assert section["identificationModule"]["orgStudyIdInfo"]["id"] == "Bio120002"
    assert section["designModule"]["phases"] == ["EARLY_PHASE1"]
    assert section["designModule"]["enrollmentInfo"]["count"] == 20
    assert section["designModule"]["designInfo"] == {
        "allocation": "RANDOMIZED",
        "interventionModel": "SINGLE_GROUP",
        "primaryPurpose": "OTHER",
        "maskingInfo": {"masking": "TRIPLE", "whoMasked": ["PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR"]},
    }
    assert section["statusModule"]["startDateStruct"]["date"] == "2020-07-01"
    assert section["statusModule"]["completionDateStruct"]["date"] == "2027-12-31"
    assert section["sponsorCollaboratorsModule"] == {
        "responsibleParty": {
            "type": "PRINCIPAL_INVESTIGATOR",
            "investigatorFullName": "Andrei Peskau",
            "investigatorTitle": "Specialist in regenerative medicine",
        },
        "leadSponsor": {"name": "Biocells Medical", "class": "INDUSTRY"},
    }


def test_exosome_trial_ties_two_arms_to_two_interventions() -> None:
    module = protocol(EXOSOME_TRIAL)["armsInterventionsModule"]
    assert [(arm["label"], arm["type"], arm["interventionNames"]) for arm in module["armGroups"]] == [
        ("MSC-Derived Exosomes", "EXPERIMENTAL", ["Biological: MSC-Derived Exosomes"]),
        ("Normal Saline", "PLACEBO_COMPARATOR", ["Biological: Placebo (Normal Saline)"]),
    ]
    assert [(i["name"], i["type"], i["armGroupLabels"]) for i in module["interventions"]] == [
        ("MSC-Derived Exosomes", "BIOLOGICAL", ["MSC-Derived Exosomes"]),
        ("Placebo (Normal Saline)", "BIOLOGICAL", ["Normal Saline"]),
    ]


def test_exosome_trial_has_one_site_three_and_three_criteria_and_no_results() -> None:
    section = protocol(EXOSOME_TRIAL)
    (site,) = section["contactsLocationsModule"]["locations"]
    assert (site["facility"], site["city"], site["country"]) == ("Biocells Medical", "Warsaw", "Poland")
    assert not {"state", "status"} & set(site)
    assert [numbers(part) for part in criteria(EXOSOME_TRIAL)] == [[1, 2, 3], [1, 2, 3]]
    assert (section["eligibilityModule"]["minimumAge"], section["eligibilityModule"]["maximumAge"]) == (
        "18 Years",
        "65 Years",
    )
    assert record(EXOSOME_TRIAL)["hasResults"] is False


@pytest.mark.parametrize("place", range(14))
def test_exosome_trial_is_suspended_from_the_sixth_day_on(place: int) -> None:
    status = protocol(EXOSOME_TRIAL, DAYS[place])["statusModule"]
    posted = status["lastUpdatePostDateStruct"]["date"]
    assert posted == REGISTRY.posted_on(DAYS[place], EXOSOME_TRIAL)
    if place < 5:
        assert (status["overallStatus"], posted) == ("RECRUITING", "2025-08-28")
        assert "whyStopped" not in status
    else:
        assert (status["overallStatus"], posted) == ("SUSPENDED", DAYS[5].isoformat())
        assert status["whyStopped"] == WHY_SUSPENDED


def test_suspension_is_the_only_true_change_of_the_reference_trials() -> None:
    changes = [change for day in DAYS for change in REGISTRY.changes(day)]
    assert [(c.nct_id, c.kind, c.before, c.after) for c in changes] == [
        (EXOSOME_TRIAL, "STATUS", "RECRUITING", "SUSPENDED"),
        (EXOSOME_TRIAL, "WHY_STOPPED", None, WHY_SUSPENDED),
    ]


def test_reference_trials_enter_on_their_own_first_days() -> None:
    registry = GeneratedRegistry(size=0, days=3, last_day=date(2025, 8, 28))
    assert [len(registry.nct_ids(day)) for day in registry.days()] == [0, 1, 2]
    assert [c.kind for day in registry.days() for c in registry.changes(day)] == ["NEW_TRIAL", "NEW_TRIAL"]
    assert registry.study(registry.days()[0], FRAILTY_TRIAL) is None
