"""Interventions and arms of a made-up trial, tied to each other as the registry ties them."""

from dataclasses import dataclass
from random import Random
from typing import Any

from trialhouse.local_registry.made_up_words import drug_name
from trialhouse.local_registry.mesh_terms import INTERVENTIONS, MeshTerm
from trialhouse.local_registry.profiles import Profile

_TYPE_LABELS = {
    "DRUG": "Drug",
    "DEVICE": "Device",
    "BIOLOGICAL": "Biological",
    "PROCEDURE": "Procedure",
    "RADIATION": "Radiation",
    "BEHAVIORAL": "Behavioral",
    "GENETIC": "Genetic",
    "DIETARY_SUPPLEMENT": "Dietary Supplement",
    "COMBINATION_PRODUCT": "Combination Product",
    "DIAGNOSTIC_TEST": "Diagnostic Test",
    "OTHER": "Other",
}
_NEW_KINDS = ("DRUG", "DRUG", "DRUG", "BIOLOGICAL", "BIOLOGICAL", "DEVICE", "GENETIC", "COMBINATION_PRODUCT")
_SCHEDULES = (
    "once daily",
    "twice daily",
    "every 3 weeks",
    "every 12 weeks",
    "as a single dose",
    "on days 1, 8 and 15",
)
_ROUTES = ("by mouth", "intravenously", "under the skin", "by inhalation", "on the skin")


@dataclass(frozen=True, slots=True)
class Treatment:
    """One intervention; `mesh` where the vocabulary knows it."""

    kind: str
    name: str
    description: str
    other_names: tuple[str, ...]
    mesh: MeshTerm | None

    @property
    def full_name(self) -> str:
        """`Drug: veltotamab`, as arms name it."""
        return f"{_TYPE_LABELS[self.kind]}: {self.name}"


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm or cohort with the positions of its interventions."""

    label: str
    kind: str | None
    description: str
    treatments: tuple[int, ...]


def treatments_of(profile: Profile, rng: Random) -> list[Treatment]:
    """The treatment under study and what it is compared with."""
    studied = _treatment(profile, rng)
    if profile.study_type == "EXPANDED_ACCESS" or rng.random() < 0.35:
        return [studied]
    if (
        profile.study_type == "INTERVENTIONAL"
        and studied.kind in ("DRUG", "BIOLOGICAL")
        and rng.random() < 0.5
    ):
        return [studied, Treatment(studied.kind, "Placebo", f"Looks like {studied.name}.", (), None)]
    compared = _known(rng)
    return [studied] if compared.name == studied.name else [studied, compared]


def arms_of(profile: Profile, treatments: list[Treatment], rng: Random) -> list[Arm]:
    """One arm for each treatment, at times a second dose or nobody treated; cohorts have no type."""
    if profile.study_type == "EXPANDED_ACCESS":
        return []
    if profile.study_type == "OBSERVATIONAL":
        labels = ("Cases", "Controls") if len(treatments) > 1 else ("Cohort",)
        return [
            Arm(label, None, f"{label}: people seen in routine care.", (number,))
            for number, label in enumerate(labels)
        ]
    arms = [
        Arm(treatments[0].name, "EXPERIMENTAL", f"Participants receive {treatments[0].description}", (0,))
    ]
    for number, other in enumerate(treatments[1:], start=1):
        kind = "PLACEBO_COMPARATOR" if other.name == "Placebo" else "ACTIVE_COMPARATOR"
        arms.append(Arm(other.name, kind, f"Participants receive {other.description}", (number,)))
    if rng.random() < 0.2:
        arms.append(Arm(f"{treatments[0].name}: high dose", "EXPERIMENTAL", "Cohort 2, double dose.", (0,)))
    elif len(arms) == 1 and rng.random() < 0.3:
        arms.append(Arm("Usual care", "NO_INTERVENTION", "", ()))
    return arms


def arms_interventions_module(treatments: list[Treatment], arms: list[Arm]) -> dict[str, Any]:
    """Arms name interventions as "Type: Name"; interventions name arms by their labels."""
    module: dict[str, Any] = {}
    if arms:
        module["armGroups"] = [_arm_group(arm, treatments) for arm in arms]
    module["interventions"] = [
        _intervention(treatment, [arm.label for arm in arms if number in arm.treatments])
        for number, treatment in enumerate(treatments)
    ]
    return module


def _arm_group(arm: Arm, treatments: list[Treatment]) -> dict[str, Any]:
    group: dict[str, Any] = {"label": arm.label}
    if arm.kind:
        group["type"] = arm.kind
    if arm.description:
        group["description"] = arm.description
    if arm.treatments:
        group["interventionNames"] = [treatments[number].full_name for number in arm.treatments]
    return group


def _intervention(treatment: Treatment, labels: list[str]) -> dict[str, Any]:
    intervention: dict[str, Any] = {"type": treatment.kind, "name": treatment.name}
    intervention["description"] = treatment.description
    if labels:
        intervention["armGroupLabels"] = labels
    if treatment.other_names:
        intervention["otherNames"] = list(treatment.other_names)
    return intervention


def _treatment(profile: Profile, rng: Random) -> Treatment:
    """Companies test something new; the others often something known."""
    if profile.sponsor.agency_class != "INDUSTRY" and rng.random() < 0.6:
        return _known(rng)
    name = drug_name(rng)
    dose = f"{rng.choice((5, 10, 25, 50, 100, 200, 400))} {rng.choice(('mg', 'mg', 'µg', 'mg/kg'))}"
    description = f"{name} {dose} {rng.choice(_ROUTES)} {rng.choice(_SCHEDULES)}."
    other_names = (f"{name[:3].upper()}-{rng.randrange(100, 999)}",) if rng.random() < 0.4 else ()
    return Treatment(rng.choice(_NEW_KINDS), name, description, other_names, None)


def _known(rng: Random) -> Treatment:
    term = rng.choice(INTERVENTIONS)
    return Treatment(
        term.kind, term.term, f"{term.term} {rng.choice(_SCHEDULES)}, as in usual care.", (), term
    )
