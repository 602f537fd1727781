"""`/stats/size`: how large the records of a day are."""

from datetime import date
from statistics import quantiles
from typing import Any

from trialhouse.local_registry.source import StudySource

MEASURED_RECORDS = 2_000
LARGEST_SHOWN = 10
RANGE_BYTES = 10_000
_PERCENTILES = (1, 5, 25, 50, 75, 90, 95, 99)


def size_statistics(source: StudySource, day: date) -> dict[str, Any]:
    """The registry's GzipStats; a large day is measured on evenly spaced records (its total stays exact)."""
    nct_ids = source.nct_ids(day)
    step = max(1, len(nct_ids) // MEASURED_RECORDS)
    sizes = {nct_id: len(source.study(day, nct_id) or b"") for nct_id in nct_ids[::step]}
    largest = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:LARGEST_SHOWN]
    return {
        "averageSizeBytes": round(sum(sizes.values()) / len(sizes)) if sizes else 0,
        "largestStudies": [{"id": nct_id, "sizeBytes": size} for nct_id, size in largest],
        "percentiles": _percentiles(sorted(sizes.values())),
        "ranges": _ranges(list(sizes.values())),
        "totalStudies": len(nct_ids),
    }


def _percentiles(sizes: list[int]) -> dict[str, int]:
    if len(sizes) < 2:
        return {str(percent): size for size in sizes for percent in _PERCENTILES}
    cuts = quantiles(sizes, n=100, method="inclusive")
    return {str(percent): round(cuts[percent - 1]) for percent in _PERCENTILES}


def _ranges(sizes: list[int]) -> list[dict[str, Any]]:
    """How many records lie in each span of 10 000 bytes."""
    counts: dict[int, int] = {}
    for size in sizes:
        counts[size // RANGE_BYTES] = counts.get(size // RANGE_BYTES, 0) + 1
    return [
        {"sizeRange": f"{span * RANGE_BYTES}-{(span + 1) * RANGE_BYTES - 1}", "studiesCount": count}
        for span, count in sorted(counts.items())
    ]
