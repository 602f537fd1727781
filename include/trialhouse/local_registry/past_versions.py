"""A trial's history as the registry tells it: its versions, and which modules each of them changed."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from trialhouse.local_registry.source import PastVersion

_LABELS_BY_SECTION = {
    "protocolSection": {
        "identificationModule": "Study Identification",
        "statusModule": "Study Status",
        "sponsorCollaboratorsModule": "Sponsor/Collaborators",
        "oversightModule": "Oversight",
        "descriptionModule": "Study Description",
        "conditionsModule": "Conditions",
        "designModule": "Study Design",
        "armsInterventionsModule": "Arms and Interventions",
        "outcomesModule": "Outcome Measures",
        "eligibilityModule": "Eligibility",
        "contactsLocationsModule": "Contacts/Locations",
        "ipdSharingStatementModule": "IPDSharing",
        "referencesModule": "References",
    },
    "documentSection": {"largeDocumentModule": "Document Section"},
    "resultsSection": {
        "participantFlowModule": "Participant Flow",
        "baselineCharacteristicsModule": "Baseline Characteristics",
        "outcomeMeasuresModule": "Outcome Measures (Results)",
        "adverseEventsModule": "Adverse Events",
        "moreInfoModule": "More Information",
    },
}

_Modules = dict[str, Any]


class _Sections(msgspec.Struct, rename="camel"):
    """The parts of a record that sponsors write."""

    protocol_section: dict[str, Any] | None = None
    document_section: dict[str, Any] | None = None
    results_section: dict[str, Any] | None = None


_SECTIONS = msgspec.json.Decoder(_Sections)


def past_versions(records: Iterable[bytes]) -> list[PastVersion]:
    """Versions out of a trial's records, oldest first; a module that is null, empty or absent is none."""
    versions: list[PastVersion] = []
    before: _Modules = {}
    for record in records:
        sections = _SECTIONS.decode(record)
        modules = _modules(sections)
        changed = [label for label in modules if modules[label] != before.get(label)] if versions else []
        status, design = modules["Study Status"] or {}, modules["Study Design"] or {}
        versions.append(
            PastVersion(
                date=status.get("lastUpdateSubmitDate") or status.get("studyFirstSubmitDate") or "",
                status=status.get("overallStatus") or "",
                study_type=design.get("studyType") or "",
                module_labels=tuple(changed),
                record=record,
            )
        )
        before = modules
    return versions


def version_list(versions: Sequence[PastVersion]) -> list[dict[str, Any]]:
    """`changes` as the registry's history interface writes it; a record without a study type names none."""
    return [
        {"version": number, "date": version.date, "status": version.status}
        | ({"studyType": version.study_type} if version.study_type else {})
        | {"moduleLabels": version.module_labels}
        for number, version in enumerate(versions)
    ]


def _modules(sections: _Sections) -> _Modules:
    """Every module under its label, in the registry's order."""
    by_name = {
        "protocolSection": sections.protocol_section,
        "documentSection": sections.document_section,
        "resultsSection": sections.results_section,
    }
    return {
        label: (by_name[section] or {}).get(name) or None
        for section, labels in _LABELS_BY_SECTION.items()
        for name, label in labels.items()
    }
