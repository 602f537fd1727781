"""A small results section: who took part, who they were, one outcome, what went wrong."""

from random import Random
from typing import Any

from trialhouse.local_registry.life_actions import Facts
from trialhouse.local_registry.made_up_protocols import MASKED_EMAIL, MASKED_PHONE
from trialhouse.local_registry.made_up_treatments import Arm

_SERIOUS = (("Pneumonia", "Infections and infestations"), ("Myocardial infarction", "Cardiac disorders"))
_OTHER = (("Nausea", "Gastrointestinal disorders"), ("Headache", "Nervous system disorders"))


def results_section(facts: Facts, arms: list[Arm], outcome: dict[str, str], rng: Random) -> dict[str, Any]:
    """Every module counts the same participants, split over the arms."""
    sizes = _arm_sizes(facts.enrollment, len(arms))
    return {
        "participantFlowModule": _participant_flow(arms, sizes, rng),
        "baselineCharacteristicsModule": _baseline(arms, sizes, rng),
        "outcomeMeasuresModule": {"outcomeMeasures": [_outcome_measure(arms, sizes, outcome, rng)]},
        "adverseEventsModule": _adverse_events(arms, sizes, rng),
        "moreInfoModule": {
            "certainAgreement": {"piSponsorEmployee": False, "restrictiveAgreement": False},
            "pointOfContact": {"title": "Study contact", "phone": MASKED_PHONE, "email": MASKED_EMAIL},
        },
    }


def _arm_sizes(total: int, arms: int) -> list[int]:
    return [total // arms + (number < total % arms) for number in range(arms)]


def _groups(prefix: str, arms: list[Arm]) -> list[dict[str, str]]:
    return [
        {"id": f"{prefix}{number:03d}", "title": arm.label, "description": arm.description or arm.label}
        for number, arm in enumerate(arms)
    ]


def _values(prefix: str, values: list[Any]) -> list[dict[str, Any]]:
    return [{"groupId": f"{prefix}{number:03d}", **value} for number, value in enumerate(values)]


def _denominators(prefix: str, sizes: list[int]) -> list[dict[str, Any]]:
    return [{"units": "Participants", "counts": _values(prefix, [{"value": str(size)} for size in sizes])}]


def _participant_flow(arms: list[Arm], sizes: list[int], rng: Random) -> dict[str, Any]:
    left = [rng.randint(0, size // 5) for size in sizes]
    stayed = [size - gone for size, gone in zip(sizes, left, strict=True)]
    milestones = [
        {"type": kind, "achievements": _values("FG", [{"numSubjects": str(count)} for count in counts])}
        for kind, counts in (("STARTED", sizes), ("COMPLETED", stayed), ("NOT COMPLETED", left))
    ]
    return {"groups": _groups("FG", arms), "periods": [{"title": "Overall Study", "milestones": milestones}]}


def _baseline(arms: list[Arm], sizes: list[int], rng: Random) -> dict[str, Any]:
    women = [rng.randint(0, size) for size in sizes]
    men = [size - count for size, count in zip(sizes, women, strict=True)]
    ages = [{"value": f"{rng.uniform(30, 70):.1f}", "spread": f"{rng.uniform(3, 14):.1f}"} for _ in arms]
    sexes = [
        {"title": title, "measurements": _values("BG", [{"value": str(count)} for count in counts])}
        for title, counts in (("Female", women), ("Male", men))
    ]
    return {
        "groups": _groups("BG", arms),
        "denoms": _denominators("BG", sizes),
        "measures": [
            {
                "title": "Age, Continuous",
                "paramType": "MEAN",
                "dispersionType": "STANDARD_DEVIATION",
                "unitOfMeasure": "years",
                "classes": [{"categories": [{"measurements": _values("BG", ages)}]}],
            },
            {
                "title": "Sex: Female, Male",
                "paramType": "COUNT_OF_PARTICIPANTS",
                "unitOfMeasure": "Participants",
                "classes": [{"categories": sexes}],
            },
        ],
    }


def _outcome_measure(
    arms: list[Arm], sizes: list[int], outcome: dict[str, str], rng: Random
) -> dict[str, Any]:
    means = [
        {"value": f"{rng.gauss(0, 9):.2f}", "spread": f"{rng.uniform(1, 6):.2f}"} for _ in range(len(arms))
    ]
    return {
        "type": "PRIMARY",
        "title": outcome["measure"],
        "description": outcome["description"],
        "reportingStatus": "POSTED",
        "paramType": "MEAN",
        "dispersionType": "Standard Deviation",
        "unitOfMeasure": "units",
        "timeFrame": outcome["timeFrame"],
        "groups": _groups("OG", arms),
        "denoms": _denominators("OG", sizes),
        "classes": [{"categories": [{"measurements": _values("OG", means)}]}],
    }


def _adverse_events(arms: list[Arm], sizes: list[int], rng: Random) -> dict[str, Any]:
    """Deaths never exceed those at risk; an event's count is one of its group's."""
    groups = [
        group
        | {
            "deathsNumAffected": rng.randint(0, size // 10),
            "deathsNumAtRisk": size,
            "seriousNumAffected": size // 6,
            "seriousNumAtRisk": size,
            "otherNumAffected": size // 2,
            "otherNumAtRisk": size,
        }
        for group, size in zip(_groups("EG", arms), sizes, strict=True)
    ]
    return {
        "frequencyThreshold": "5",
        "timeFrame": "From first dose to 30 days after the last",
        "eventGroups": groups,
        "seriousEvents": [_event(*event, sizes, 12, rng) for event in _SERIOUS],
        "otherEvents": [_event(*event, sizes, 4, rng) for event in _OTHER],
    }


def _event(term: str, organ_system: str, sizes: list[int], one_in: int, rng: Random) -> dict[str, Any]:
    stats = [{"numAffected": rng.randint(0, size // one_in), "numAtRisk": size} for size in sizes]
    return {
        "term": term,
        "organSystem": organ_system,
        "assessmentType": "SYSTEMATIC_ASSESSMENT",
        "stats": _values("EG", stats),
    }
