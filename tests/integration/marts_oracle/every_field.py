"""A record made up of every field the registry has, so that no mart and no column stays empty."""

from typing import Any

from integration.marts_oracle.values import Record
from trialhouse.record_type import load_record_type

DATE = "2024-02-29"
SAMPLES = {"BOOLEAN": True, "BIGINT": 7, "DOUBLE": 7.5}
ENDS_OF_DATES = ("Date", ".date", "versionHolder")


def study_with_every_field(nct_id: str = "NCT90000001") -> Record:
    """Each list has one item, and each text names its own place: a lost one is found nowhere else."""
    study: Record = _filled(load_record_type(), "")
    study["protocolSection"]["identificationModule"] |= {"nctId": nct_id, "nctIdAliases": ["NCT90000009"]}
    study["documentSection"]["largeDocumentModule"]["largeDocs"][0]["uploadDate"] = f"{DATE}T12:30"
    return study


def _filled(node: Any, path: str) -> Any:
    if isinstance(node, dict):
        return {name: _filled(item, f"{path}.{name}" if path else name) for name, item in node.items()}
    if isinstance(node, list):
        return [_filled(node[0], path)]
    return SAMPLES.get(node, DATE if path.endswith(ENDS_OF_DATES) else f"text of {path}")
