"""The protocol modules of a made-up trial that say what is done, to whom, where."""

from random import Random
from typing import Any

from trialhouse.local_registry.cities import CITIES
from trialhouse.local_registry.life_actions import OPEN
from trialhouse.local_registry.lives import Standing
from trialhouse.local_registry.made_up_treatments import Arm, Treatment
from trialhouse.local_registry.made_up_words import (
    BACKGROUND,
    DEGREES,
    EXCLUSION,
    FACILITIES,
    INCLUSION,
    MEASURES,
    PEOPLE,
    TIME_FRAMES,
)
from trialhouse.local_registry.profiles import Profile

MASKED_EMAIL = "masked@example.org"
MASKED_PHONE = "+1 555 0100"

_STEPS_THROUGH_CITIES = (5, 7, 11, 13, 17, 19, 23, 25)
_MASKED_PEOPLE = ("PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR")
_MASKING = ("NONE", "SINGLE", "DOUBLE", "TRIPLE", "QUADRUPLE")
_PURPOSES = (
    "TREATMENT", "TREATMENT", "TREATMENT", "PREVENTION", "SUPPORTIVE_CARE", "DIAGNOSTIC", "BASIC_SCIENCE",
    "HEALTH_SERVICES_RESEARCH", "OTHER",
)  # fmt: skip
_MODELS = ("PARALLEL", "PARALLEL", "PARALLEL", "CROSSOVER", "FACTORIAL", "SEQUENTIAL")
_COHORT_MODELS = ("COHORT", "CASE_CONTROL", "CASE_ONLY", "OTHER")
_PERSPECTIVES = ("PROSPECTIVE", "RETROSPECTIVE", "CROSS_SECTIONAL")
_AGES = (("18 Years", None), ("18 Years", "75 Years"), ("18 Years", "65 Years"), ("60 Years", "85 Years"),
         ("6 Months", "17 Years"), ("12 Years", "80 Years"), (None, None))  # fmt: skip
_STD_AGES = {
    "18 Years": ["ADULT", "OLDER_ADULT"],
    "60 Years": ["ADULT", "OLDER_ADULT"],
    "6 Months": ["CHILD"],
    "12 Years": ["CHILD", "ADULT", "OLDER_ADULT"],
    None: ["CHILD", "ADULT", "OLDER_ADULT"],
}


def description_module(profile: Profile, treatments: list[Treatment], rng: Random) -> dict[str, Any]:
    """A summary, and mostly a longer text."""
    words = {
        "condition": profile.conditions[0].term,
        "treatment": treatments[0].name,
        "number": rng.randrange(10, 60),
    }
    summary = f"This study looks at {words['treatment']} in people with {words['condition']}. "
    summary += BACKGROUND[rng.randrange(2)].format(**words)
    module = {"briefSummary": summary}
    if rng.random() < 0.75:
        sentences = rng.sample(BACKGROUND, rng.randint(3, len(BACKGROUND)))
        module["detailedDescription"] = "\n\n".join(sentence.format(**words) for sentence in sentences)
    return module


def conditions_module(profile: Profile, treatments: list[Treatment], rng: Random) -> dict[str, Any]:
    """What the sponsor calls the conditions, which need not be the vocabulary's word."""
    module: dict[str, Any] = {"conditions": [_plain(term.term, rng) for term in profile.conditions]}
    if rng.random() < 0.6:
        module["keywords"] = [treatments[0].name, profile.conditions[0].term.lower()]
    return module


def design_module(profile: Profile, standing: Standing, arms: list[Arm], rng: Random) -> dict[str, Any]:
    """Phases are absent where the study has none by nature; `NA` is a value of its own."""
    facts = standing.version.facts
    module: dict[str, Any] = {"studyType": profile.study_type}
    if profile.study_type == "EXPANDED_ACCESS":
        return module | {"expandedAccessTypes": {"individual": rng.random() < 0.5, "treatment": True}}
    if profile.study_type == "OBSERVATIONAL":
        module["patientRegistry"] = rng.random() < 0.2
        module["designInfo"] = {
            "observationalModel": rng.choice(_COHORT_MODELS),
            "timePerspective": rng.choice(_PERSPECTIVES),
        }
        if rng.random() < 0.3:
            module["bioSpec"] = {"retention": "SAMPLES_WITH_DNA", "description": "Blood and saliva."}
    else:
        module["phases"] = list(profile.phases)
        module["designInfo"] = _design_info(arms, rng)
    module["enrollmentInfo"] = {"count": facts.enrollment}
    if facts.enrollment_is_actual or not profile.has_untyped_dates:
        module["enrollmentInfo"]["type"] = "ACTUAL" if facts.enrollment_is_actual else "ESTIMATED"
    return module


def _design_info(arms: list[Arm], rng: Random) -> dict[str, Any]:
    """One arm: nothing to allocate; who is masked is as many as the masking says."""
    masked = rng.randrange(5) if len(arms) > 1 else 0
    masking: dict[str, Any] = {"masking": _MASKING[masked]}
    if masked:
        masking["whoMasked"] = list(_MASKED_PEOPLE[:masked])
    return {
        "allocation": ("RANDOMIZED" if rng.random() < 0.85 else "NON_RANDOMIZED") if len(arms) > 1 else "NA",
        "interventionModel": rng.choice(_MODELS) if len(arms) > 1 else "SINGLE_GROUP",
        "primaryPurpose": rng.choice(_PURPOSES),
        "maskingInfo": masking,
    }


def outcomes_module(profile: Profile, standing: Standing, rng: Random) -> dict[str, Any]:
    """The record's edition decides which primary outcome it names: another measure, another time frame."""
    edition = standing.version.facts.outcome_edition
    order = rng.sample(range(len(MEASURES)), 6)
    frame = rng.randrange(len(TIME_FRAMES))
    condition = profile.conditions[0].term
    primary = _outcome(order[edition // 2 % 3], frame + edition, condition)
    module: dict[str, Any] = {"primaryOutcomes": [primary]}
    count = rng.randint(0, 3)
    if count:
        module["secondaryOutcomes"] = [_outcome(order[3 + n], frame + n, condition) for n in range(count)]
    return module


def _outcome(measure: int, frame: int, condition: str) -> dict[str, str]:
    name, description = MEASURES[measure]
    return {
        "measure": name,
        "description": description.format(condition=condition),
        "timeFrame": TIME_FRAMES[frame % len(TIME_FRAMES)],
    }


def eligibility_module(profile: Profile, rng: Random) -> dict[str, Any]:
    """Criteria in the registry's Markdown, plain or numbered, some with lists inside."""
    youngest, oldest = rng.choice(_AGES)
    words = {"condition": profile.conditions[0].term, "age": (youngest or "18").split()[0]}
    numbered = rng.random() < 0.4
    included = _criteria(rng.sample(INCLUSION, rng.randint(3, 7)), numbered, words)
    excluded = _criteria(rng.sample(EXCLUSION, rng.randint(2, 7)), numbered, words)
    module: dict[str, Any] = {
        "eligibilityCriteria": f"Inclusion Criteria:\n\n{included}\n\nExclusion Criteria:\n\n{excluded}",
        "healthyVolunteers": rng.random() < 0.2,
        "sex": rng.choices(("ALL", "FEMALE", "MALE"), (88, 8, 4))[0],
    }
    if youngest:
        module["minimumAge"] = youngest
    if oldest:
        module["maximumAge"] = oldest
    module["stdAges"] = _STD_AGES[youngest]
    if profile.study_type == "OBSERVATIONAL":
        module["studyPopulation"] = f"People with {words['condition']} in routine care."
        module["samplingMethod"] = "NON_PROBABILITY_SAMPLE"
    return module


def _criteria(criteria: list[str], numbered: bool, words: dict[str, str]) -> str:
    marks = (f"{number}." if numbered else "*" for number in range(1, len(criteria) + 1))
    return "\n".join(
        f"{mark} {criterion.format(**words)}" for mark, criterion in zip(marks, criteria, strict=True)
    )


def contacts_locations_module(profile: Profile, standing: Standing, rng: Random) -> dict[str, Any]:
    """Contacts only while there is something to ask for; sites keep their order, new ones come last."""
    facts = standing.version.facts
    person, degree = rng.randrange(len(PEOPLE)), rng.choice(DEGREES)
    module: dict[str, Any] = {}
    if standing.status in (*OPEN, "NOT_YET_RECRUITING", "AVAILABLE"):
        contact = PEOPLE[(person + facts.contact_edition) % len(PEOPLE)]
        module["centralContacts"] = [
            {"name": f"{contact}, {degree}", "role": "CONTACT", "phone": MASKED_PHONE, "email": MASKED_EMAIL}
        ]
    official = {"name": f"{PEOPLE[person]}, {degree}", "affiliation": profile.sponsor.name}
    module["overallOfficials"] = [
        official | {"role": rng.choice(("PRINCIPAL_INVESTIGATOR", "STUDY_DIRECTOR"))}
    ]
    start, step = rng.randrange(len(CITIES)), rng.choice(_STEPS_THROUGH_CITIES)
    facility = rng.randrange(len(FACILITIES))
    if facts.sites:
        module["locations"] = [
            _location((start + number * step) % len(CITIES), facility + number, standing)
            for number in range(facts.sites)
        ]
    return module


def _location(place: int, facility: int, standing: Standing) -> dict[str, Any]:
    """Only sites of trials that enrol, or will, have a status of their own."""
    city = CITIES[place]
    location: dict[str, Any] = {
        "facility": FACILITIES[facility % len(FACILITIES)].format(city=city.city, number=100 + facility)
    }
    if standing.status in (*OPEN, "NOT_YET_RECRUITING", "SUSPENDED"):
        location["status"] = "RECRUITING" if standing.status in OPEN else standing.status
    location["city"] = city.city
    if city.state:
        location["state"] = city.state
    if city.zip_code:
        location["zip"] = city.zip_code
    location["country"] = city.country
    location["geoPoint"] = {"lat": city.latitude, "lon": city.longitude}
    return location


def references_module(profile: Profile, rng: Random) -> dict[str, Any]:
    """One to three made-up citations; PubMed numbers beyond those in use."""
    references = []
    for _ in range(rng.randint(1, 3)):
        author = rng.choice(PEOPLE).split()[-1]
        title = f"{profile.conditions[0].term}: a made-up reference"
        references.append(
            {
                "pmid": str(rng.randrange(90_000_000, 99_999_999)),
                "type": rng.choice(("BACKGROUND", "BACKGROUND", "DERIVED", "RESULT")),
                "citation": f"{author} A. {title}. J Invent Med. {rng.randrange(2005, 2025)};1(2):3-9.",
            }
        )
    return {"references": references}


def ipd_sharing_module(rng: Random) -> dict[str, Any]:
    """Whether the data of single participants will be shared."""
    answer = rng.choices(("NO", "UNDECIDED", "YES"), (70, 18, 12))[0]
    module: dict[str, Any] = {"ipdSharing": answer}
    if answer == "YES":
        module |= {
            "description": "On request.",
            "infoTypes": ["STUDY_PROTOCOL", "SAP", "ICF"],
            "timeFrame": "1 year",
        }
    return module


def _plain(term: str, rng: Random) -> str:
    """`Carcinoma, Hepatocellular` is often written `Hepatocellular Carcinoma`."""
    head, comma, tail = term.partition(", ")
    return f"{tail} {head}" if comma and rng.random() < 0.7 else term
