"""A made-up trial's record as the registry would send it on a day."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from random import Random
from typing import Any

from trialhouse.local_registry import made_up_protocols as protocols
from trialhouse.local_registry.life_actions import Facts
from trialhouse.local_registry.lives import Life, Standing
from trialhouse.local_registry.made_up_results import results_section
from trialhouse.local_registry.made_up_treatments import (
    Arm,
    Treatment,
    arms_interventions_module,
    arms_of,
    treatments_of,
)
from trialhouse.local_registry.made_up_words import INVESTIGATOR_TITLES, PEOPLE, SPONSORS
from trialhouse.local_registry.mesh_terms import MeshTerm
from trialhouse.local_registry.profiles import Profile

RngFor = Callable[[int], Random]

FIRST_YEAR_OF_ACTUAL_POST_DATES = 2017

_RECORD, _RESULTS = 4, 5
_COLLABORATORS = tuple(sponsor for sponsor in SPONSORS if sponsor.new_name is None)

_SECONDARY_IDS = (
    ("{year}-{number:06d}-21", "EUDRACT_NUMBER", None),
    ("U1111-{number:04d}-9001", "REGISTRY", "Made-up universal trial number"),
    ("{year}-50{number:04d}-11-00", "CTIS", None),
    ("PRT-{number}", "OTHER", "Internal number"),
    ("K{number:06d}", "OTHER_GRANT", None),
    ("IRB {number}", None, None),
)


def record(life: Life, day: date, sponsor: str, aliases: Sequence[str], rng_for: RngFor) -> dict[str, Any]:
    """The whole record; only `versionHolder` changes while nothing happens to the trial.

    sponsor: the lead sponsor's name on that day.
    rng_for: the trial's generator for a purpose. What is drawn never depends on the day.
    """
    standing, profile = life.on(day), life.profile
    if profile.study_type == "WITHHELD":
        return _withheld(profile, standing, day)
    rng = rng_for(_RECORD)
    treatments = treatments_of(profile, rng)
    arms = arms_of(profile, treatments, rng)
    protocol: dict[str, Any] = {
        "identificationModule": _identification(profile, sponsor, treatments, aliases, rng),
        "statusModule": _status(profile, standing, rng),
        "sponsorCollaboratorsModule": _sponsors(profile, sponsor, rng),
        "oversightModule": _oversight(treatments, rng),
    }
    protocol |= _studied(profile, standing, treatments, arms, rng)
    whole: dict[str, Any] = {"protocolSection": protocol}
    if standing.results_posted_on is not None:
        outcome = protocol["outcomesModule"]["primaryOutcomes"][0]
        whole["resultsSection"] = results_section(standing.version.facts, arms, outcome, rng_for(_RESULTS))
    whole["derivedSection"] = _derived(profile, treatments, day)
    whole["hasResults"] = standing.results_posted_on is not None
    return whole


def date_struct(profile: Profile, day: date, is_actual: bool, can_be_untyped: bool = False) -> dict[str, str]:
    """A date as the sponsor writes it: some give only the month, some old ones no type."""
    text = day.isoformat()
    struct = {"date": text[:7] if profile.has_month_dates else text}
    if not (can_be_untyped and profile.has_untyped_dates):
        struct["type"] = "ACTUAL" if is_actual else "ESTIMATED"
    return struct


def planned_dates(profile: Profile, facts: Facts) -> dict[str, dict[str, str]]:
    """Start, primary completion and completion; expanded access has none."""
    if profile.study_type in ("EXPANDED_ACCESS", "WITHHELD"):
        return {}
    return {
        "startDateStruct": date_struct(profile, facts.start, facts.start_is_actual, can_be_untyped=True),
        "primaryCompletionDateStruct": date_struct(
            profile, facts.primary_completion, facts.primary_completion_is_actual
        ),
        "completionDateStruct": date_struct(profile, facts.completion, facts.completion_is_actual),
    }


def post_date(day: date) -> dict[str, str]:
    """The registry's own dates; those before 2017 were estimated afterwards."""
    is_actual = day.year >= FIRST_YEAR_OF_ACTUAL_POST_DATES
    return {"date": day.isoformat(), "type": "ACTUAL" if is_actual else "ESTIMATED"}


def _studied(
    profile: Profile, standing: Standing, treatments: list[Treatment], arms: list[Arm], rng: Random
) -> dict[str, Any]:
    """The protocol modules from the description on; expanded access measures nothing."""
    modules = {
        "descriptionModule": protocols.description_module(profile, treatments, rng),
        "conditionsModule": protocols.conditions_module(profile, treatments, rng),
        "designModule": protocols.design_module(profile, standing, arms, rng),
        "armsInterventionsModule": arms_interventions_module(treatments, arms),
    }
    if profile.study_type != "EXPANDED_ACCESS":
        modules["outcomesModule"] = protocols.outcomes_module(profile, standing, rng)
    modules["eligibilityModule"] = protocols.eligibility_module(profile, rng)
    modules["contactsLocationsModule"] = protocols.contacts_locations_module(profile, standing, rng)
    if rng.random() < 0.35:
        modules["referencesModule"] = protocols.references_module(profile, rng)
    if profile.first_posted.year >= 2016 and rng.random() < 0.6:
        modules["ipdSharingStatementModule"] = protocols.ipd_sharing_module(rng)
    return modules


def _identification(
    profile: Profile, sponsor: str, treatments: list[Treatment], aliases: Sequence[str], rng: Random
) -> dict[str, Any]:
    module: dict[str, Any] = {"nctId": profile.nct_id}
    if aliases:
        module["nctIdAliases"] = list(aliases)
    number = rng.randrange(1, 9_999)
    module["orgStudyIdInfo"] = {"id": f"{sponsor_code(profile.sponsor.name)}-{number:04d}"}
    if rng.random() < 0.35:
        chosen = rng.sample(_SECONDARY_IDS, rng.randint(1, 2))
        module["secondaryIdInfos"] = [_secondary_id(*kind, profile, number) for kind in chosen]
    module["organization"] = {"fullName": sponsor, "class": profile.sponsor.agency_class}
    title = f"{treatments[0].name} in {profile.conditions[0].term}"
    module["briefTitle"] = (
        title
        if len(treatments) == 1
        else f"{treatments[0].name} vs. {treatments[1].name} in " + (profile.conditions[0].term)
    )
    if rng.random() < 0.95:
        module["officialTitle"] = f"A Made-up Study of {title}: Trial {number} of {profile.sponsor.name}"
    if rng.random() < 0.25:
        module["acronym"] = "".join(word[0] for word in title.upper().split() if word[0].isalpha())[:9]
    return module


def _secondary_id(
    pattern: str, kind: str | None, domain: str | None, profile: Profile, number: int
) -> dict[str, str]:
    secondary = {"id": pattern.format(year=profile.first_submitted.year, number=number)}
    if kind:
        secondary["type"] = kind
    if domain:
        secondary["domain"] = domain
    return secondary


@lru_cache(maxsize=128)
def sponsor_code(name: str) -> str:
    """Three letters for the sponsor's own numbers."""
    return "".join(letter for letter in name.upper() if letter.isascii() and letter.isalpha())[:3]


def _status(profile: Profile, standing: Standing, rng: Random) -> dict[str, Any]:
    """The status module in the registry's order of fields."""
    version = standing.version
    facts = version.facts
    module: dict[str, Any] = {
        "statusVerifiedDate": version.submitted_on.isoformat()[:7],
        "overallStatus": standing.status,
    }
    if standing.last_known_status:
        module["lastKnownStatus"] = standing.last_known_status
    if facts.why_stopped:
        module["whyStopped"] = facts.why_stopped
    module["expandedAccessInfo"] = {"hasExpandedAccess": False}
    module |= planned_dates(profile, facts)
    module |= _registration_dates(profile)
    if facts.results_submitted is not None and standing.results_posted_on is not None:
        module["resultsFirstSubmitDate"] = facts.results_submitted.isoformat()
        module["resultsFirstSubmitQcDate"] = facts.results_submitted.isoformat()
        module["resultsFirstPostDateStruct"] = post_date(standing.results_posted_on)
    module["lastUpdateSubmitDate"] = version.submitted_on.isoformat()
    module["lastUpdatePostDateStruct"] = post_date(version.posted_on)
    return module


def _registration_dates(profile: Profile) -> dict[str, Any]:
    return {
        "studyFirstSubmitDate": profile.first_submitted.isoformat(),
        "studyFirstSubmitQcDate": profile.first_submitted.isoformat(),
        "studyFirstPostDateStruct": post_date(profile.first_posted),
    }


def _sponsors(profile: Profile, sponsor: str, rng: Random) -> dict[str, Any]:
    module: dict[str, Any] = {"responsibleParty": {"type": "SPONSOR"}}
    if profile.sponsor.agency_class != "INDUSTRY" and rng.random() < 0.6:
        module["responsibleParty"] = {
            "type": "PRINCIPAL_INVESTIGATOR",
            "investigatorFullName": rng.choice(PEOPLE),
            "investigatorTitle": rng.choice(INVESTIGATOR_TITLES),
            "investigatorAffiliation": profile.sponsor.name,
        }
    module["leadSponsor"] = {"name": sponsor, "class": profile.sponsor.agency_class}
    if rng.random() < 0.35:
        others = [other for other in rng.sample(_COLLABORATORS, 2) if other != profile.sponsor]
        module["collaborators"] = [{"name": other.name, "class": other.agency_class} for other in others]
    return module


def _oversight(treatments: list[Treatment], rng: Random) -> dict[str, Any]:
    kinds = {treatment.kind for treatment in treatments}
    is_american = rng.random() < 0.4
    return {
        "oversightHasDmc": rng.random() < 0.4,
        "isFdaRegulatedDrug": is_american and bool(kinds & {"DRUG", "BIOLOGICAL"}),
        "isFdaRegulatedDevice": is_american and "DEVICE" in kinds,
    }


def _derived(profile: Profile, treatments: list[Treatment], day: date) -> dict[str, Any]:
    derived: dict[str, Any] = {
        "miscInfoModule": {"versionHolder": day.isoformat()},
        "conditionBrowseModule": _browse_module(profile.conditions),
    }
    terms = [treatment.mesh for treatment in treatments if treatment.mesh is not None]
    if terms:
        derived["interventionBrowseModule"] = _browse_module(terms)
    return derived


def _browse_module(terms: Sequence[MeshTerm]) -> dict[str, Any]:
    """The headings found, and once each the broader ones above them."""
    module: dict[str, Any] = {"meshes": [{"id": term.mesh_id, "term": term.term} for term in terms]}
    ancestors = dict(ancestor for term in terms for ancestor in term.ancestors)
    if ancestors:
        module["ancestors"] = [{"id": mesh_id, "term": name} for mesh_id, name in ancestors.items()]
    return module


def _withheld(profile: Profile, standing: Standing, day: date) -> dict[str, Any]:
    """A device trial whose sponsor delays the posting: nearly every module is missing."""
    title = "[Trial of device that is not approved or cleared by the U.S. FDA]"
    redacted = {"name": "[Redacted]"}
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": profile.nct_id,
                "orgStudyIdInfo": {"id": "[Redacted]"},
                "organization": {"fullName": "[Redacted]"},
                "briefTitle": title,
                "officialTitle": title,
            },
            "statusModule": {
                "overallStatus": standing.status,
                "delayedPosting": True,
                "expandedAccessInfo": {"hasExpandedAccess": False},
                **_registration_dates(profile),
                "lastUpdateSubmitDate": standing.version.submitted_on.isoformat(),
                "lastUpdatePostDateStruct": post_date(standing.version.posted_on),
            },
            "sponsorCollaboratorsModule": {
                "responsibleParty": {"oldNameTitle": "[Redacted]", "oldOrganization": "[Redacted]"},
                "leadSponsor": redacted,
            },
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": day.isoformat()}},
        "hasResults": False,
    }
