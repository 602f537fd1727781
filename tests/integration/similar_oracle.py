"""The nearest trials by docs/decisions/0008, worked out from the JSON in plain Python."""

import math
import string
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from integration.marts_oracle.values import at, items
from integration.oracle import Record, normalised

Feature = tuple[str, str]
Neighbour = tuple[str, float, tuple[str, ...]]

FEATURES_COMPARED = 10
MOST_TRIALS_SHARING = 300
NEIGHBOURS = 10
PHASE_BONUS = 0.02
LEAST_COSINE = 0.05
KIND_WEIGHTS = {"word": 1, "condition MeSH ancestor": 1, "intervention MeSH ancestor": 1}


def similar_trials(records: Iterable[Record]) -> dict[str, list[Neighbour]]:
    """For each trial its nearest: id, score, reasons; the nearest first."""
    by_id = {at(record, "protocolSection.identificationModule.nctId"): record for record in records}
    features = {nct_id: set(features_of(record)) for nct_id, record in by_id.items()}
    counts = Counter(feature for of_trial in features.values() for feature in of_trial)
    weights = {
        feature: round(1000 * KIND_WEIGHTS.get(feature[0], 3) * math.log(len(by_id) / count) ** 2)
        for feature, count in counts.items()
    }
    compared = {nct_id: heaviest(own, counts, weights) for nct_id, own in features.items()}
    norms = {nct_id: math.sqrt(sum(weights[one] for one in own)) for nct_id, own in compared.items()}
    trials_with = defaultdict(set)
    for nct_id, own in compared.items():
        for feature in own:
            trials_with[feature].add(nct_id)
    phases = {
        nct_id: set(items(record, "protocolSection.designModule.phases")) for nct_id, record in by_id.items()
    }

    def score(one: str, other: str) -> float:
        shared = set(compared[one]) & set(compared[other])
        cosine = sum(weights[feature] for feature in shared) / (norms[one] * norms[other])
        bonus = PHASE_BONUS if phases[one] & phases[other] else 0
        return min(round(cosine + bonus, 6), 1) if cosine >= LEAST_COSINE else 0

    def nearest(one: str) -> list[Neighbour]:
        others = {other for feature in compared[one] for other in trials_with[feature]} - {one}
        scored = sorted((-score(one, other), other) for other in others)[:NEIGHBOURS]
        return [(other, -low, reasons(compared[one], compared[other])) for low, other in scored if low]

    return {nct_id: nearest(nct_id) for nct_id in by_id}


def heaviest(features: set[Feature], counts: Counter[Feature], weights: dict[Feature, int]) -> list[Feature]:
    """What is compared: the heaviest of those that some but not too many share, heaviest first."""
    shared = [feature for feature in features if 2 <= counts[feature] <= MOST_TRIALS_SHARING]
    return sorted(shared, key=lambda feature: (-weights[feature], *feature))[:FEATURES_COMPARED]


def reasons(own: list[Feature], others: list[Feature]) -> tuple[str, ...]:
    return tuple(f"{kind}: {name}" for kind, name in own if (kind, name) in others)


def features_of(record: Record) -> Iterator[Feature]:
    """Kind and name of everything that describes a trial."""
    conditions = named("condition", items(record, "protocolSection.conditionsModule.conditions"))
    interventions = named(
        "intervention",
        [one.get("name") for one in items(record, "protocolSection.armsInterventionsModule.interventions")],
    )
    mesh = {subject: list(mesh_terms(record, subject)) for subject in ("condition", "intervention")}
    yield from (*conditions, *interventions, *mesh["condition"], *mesh["intervention"])
    yield from pairs(conditions, interventions)
    terms = {subject: [one for one in found if one[0].endswith("term")] for subject, found in mesh.items()}
    yield from pairs(terms["condition"], terms["intervention"])
    yield from (("word", word) for word in words_of(record))


def named(kind: str, names: list[Any]) -> list[Feature]:
    return [(kind, name) for name in map(normalised, names) if name is not None]


def mesh_terms(record: Record, subject: str) -> Iterator[Feature]:
    for relation, key in (("term", "meshes"), ("ancestor", "ancestors")):
        for mesh in items(record, f"derivedSection.{subject}BrowseModule.{key}"):
            if mesh.get("id"):
                yield f"{subject} MeSH {relation}", mesh["term"]


def pairs(some: list[Feature], others: list[Feature]) -> Iterator[Feature]:
    for kind, name in some:
        for other_kind, other_name in others:
            yield f"{kind} with {other_kind}", f"{name} + {other_name}"


def words_of(record: Record) -> set[str]:
    identification = "protocolSection.identificationModule"
    texts = [
        at(record, f"{identification}.briefTitle"),
        at(record, f"{identification}.officialTitle"),
        *items(record, "protocolSection.conditionsModule.keywords"),
    ]
    text = unicodedata.normalize("NFC", " ".join(filter(None, texts))).lower()
    kept = (letter if letter.isalpha() or letter in string.digits else " " for letter in text)
    return {word for word in "".join(kept).split() if len(word) >= 4}
