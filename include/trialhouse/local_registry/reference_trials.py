"""The two reference trials: every fact their public pages show, long texts in our own words.

NCT07144072 stays NOT_YET_RECRUITING. NCT07146087 is RECRUITING until the sixth day of the last fortnight and
SUSPENDED from then on, so that a reader can watch it stop. Made up, because the pages do not say: start and
completion of NCT07144072, primary completion and first days of NCT07146087, outcomes, reason for stopping.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from trialhouse.local_registry.publishing_days import publishing_day_before
from trialhouse.local_registry.reference_texts import (
    EXOSOME_ARM,
    EXOSOME_CRITERIA,
    EXOSOME_PRODUCT,
    EXOSOME_SUMMARY,
    FRAILTY_ARM,
    FRAILTY_CRITERIA,
    FRAILTY_DESCRIPTION,
    FRAILTY_SUMMARY,
    SALINE_ARM,
    SALINE_PRODUCT,
)
from trialhouse.local_registry.true_changes import NEW_TRIAL, STATUS, WHY_STOPPED, TrueChange

FRAILTY_TRIAL, EXOSOME_TRIAL = "NCT07144072", "NCT07146087"
SUSPENDED_AT = 5
WHY_SUSPENDED = "Awaiting review of manufacturing release criteria (made-up reason)"

_FIRST_POSTED = {FRAILTY_TRIAL: date(2025, 8, 27), EXOSOME_TRIAL: date(2025, 8, 28)}
_FIRST_SUBMITTED = {FRAILTY_TRIAL: "2025-08-21", EXOSOME_TRIAL: "2025-08-22"}
_MASKED = {"phone": "+1 555 0100", "email": "masked@example.org"}
_NO_EXPANDED_ACCESS = {"hasExpandedAccess": False}

_FRAILTY: dict[str, Any] = {
    "identificationModule": {
        "nctId": FRAILTY_TRIAL,
        "orgStudyIdInfo": {"id": "HeXell-2020-FS-001"},
        "organization": {"fullName": "Hexun Biosciences Co., LTD.", "class": "INDUSTRY"},
        "briefTitle": "Safety and Tolerability Study of Mesenchymal Stem Cells, HeXell-2020, in Elderly "
        "Subjects With Mild to Moderate Frailty Syndrome",
    },
    "statusModule": {},
    "sponsorCollaboratorsModule": {
        "responsibleParty": {"type": "SPONSOR"},
        "leadSponsor": {"name": "Hexun Biosciences Co., LTD.", "class": "INDUSTRY"},
    },
    "descriptionModule": {"briefSummary": FRAILTY_SUMMARY, "detailedDescription": FRAILTY_DESCRIPTION},
    "conditionsModule": {"conditions": ["Frailty in Older Adults"]},
    "designModule": {
        "studyType": "INTERVENTIONAL",
        "phases": ["PHASE1"],
        "designInfo": {
            "allocation": "NA",
            "interventionModel": "SEQUENTIAL",
            "primaryPurpose": "TREATMENT",
            "maskingInfo": {"masking": "NONE"},
        },
        "enrollmentInfo": {"count": 12, "type": "ESTIMATED"},
    },
    "armsInterventionsModule": {
        "armGroups": [
            {
                "label": "Cell Drug:HeXell-2020",
                "type": "EXPERIMENTAL",
                "description": FRAILTY_ARM,
                "interventionNames": ["Drug: HeXell-2020"],
            }
        ],
        "interventions": [
            {"type": "DRUG", "name": "HeXell-2020", "armGroupLabels": ["Cell Drug:HeXell-2020"]},
        ],
    },
    "outcomesModule": {
        "primaryOutcomes": [{"measure": "Number of participants with adverse events", "timeFrame": "1 year"}]
    },
    "eligibilityModule": {
        "eligibilityCriteria": FRAILTY_CRITERIA,
        "healthyVolunteers": False,
        "sex": "ALL",
        "minimumAge": "60 Years",
        "maximumAge": "85 Years",
        "stdAges": ["ADULT", "OLDER_ADULT"],
    },
    "contactsLocationsModule": {
        "centralContacts": [
            {"name": "Simon Huang, Dr.", "role": "CONTACT", **_MASKED},
            {"name": "Wannhsin Chen, Dr.", "role": "CONTACT", **_MASKED},
        ]
    },
}

_EXOSOME: dict[str, Any] = {
    "identificationModule": {
        "nctId": EXOSOME_TRIAL,
        "orgStudyIdInfo": {"id": "Bio120002"},
        "organization": {"fullName": "Biocells Medical", "class": "INDUSTRY"},
        "briefTitle": "Allogeneic Mesenchymal Stem Cell-Derived Exosome Therapy for Progressive Multiple "
        "Sclerosis",
    },
    "statusModule": {},
    "sponsorCollaboratorsModule": {
        "responsibleParty": {
            "type": "PRINCIPAL_INVESTIGATOR",
            "investigatorFullName": "Andrei Peskau",
            "investigatorTitle": "Specialist in regenerative medicine",
        },
        "leadSponsor": {"name": "Biocells Medical", "class": "INDUSTRY"},
    },
    "descriptionModule": {"briefSummary": EXOSOME_SUMMARY},
    "conditionsModule": {"conditions": ["Multiple Sclerosis"]},
    "designModule": {
        "studyType": "INTERVENTIONAL",
        "phases": ["EARLY_PHASE1"],
        "designInfo": {
            "allocation": "RANDOMIZED",
            "interventionModel": "SINGLE_GROUP",
            "primaryPurpose": "OTHER",
            "maskingInfo": {
                "masking": "TRIPLE",
                "whoMasked": ["PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR"],
            },
        },
        "enrollmentInfo": {"count": 20, "type": "ESTIMATED"},
    },
    "armsInterventionsModule": {
        "armGroups": [
            {
                "label": "MSC-Derived Exosomes",
                "type": "EXPERIMENTAL",
                "description": EXOSOME_ARM,
                "interventionNames": ["Biological: MSC-Derived Exosomes"],
            },
            {
                "label": "Normal Saline",
                "type": "PLACEBO_COMPARATOR",
                "description": SALINE_ARM,
                "interventionNames": ["Biological: Placebo (Normal Saline)"],
            },
        ],
        "interventions": [
            {
                "type": "BIOLOGICAL",
                "name": "MSC-Derived Exosomes",
                "description": EXOSOME_PRODUCT,
                "armGroupLabels": ["MSC-Derived Exosomes"],
            },
            {
                "type": "BIOLOGICAL",
                "name": "Placebo (Normal Saline)",
                "description": SALINE_PRODUCT,
                "armGroupLabels": ["Normal Saline"],
            },
        ],
    },
    "outcomesModule": {
        "primaryOutcomes": [
            {"measure": "Change from baseline in EDSS score", "timeFrame": "Baseline, week 48"}
        ],
        "secondaryOutcomes": [
            {"measure": "New or enlarging lesions on MRI", "timeFrame": "Baseline, week 48"}
        ],
    },
    "eligibilityModule": {
        "eligibilityCriteria": EXOSOME_CRITERIA,
        "healthyVolunteers": False,
        "sex": "ALL",
        "minimumAge": "18 Years",
        "maximumAge": "65 Years",
        "stdAges": ["ADULT", "OLDER_ADULT"],
    },
    "contactsLocationsModule": {
        "locations": [
            {
                "facility": "Biocells Medical",
                "city": "Warsaw",
                "country": "Poland",
                "geoPoint": {"lat": 52.22977, "lon": 21.01178},
            }
        ]
    },
}

_PROTOCOLS = {FRAILTY_TRIAL: _FRAILTY, EXOSOME_TRIAL: _EXOSOME}
_MESHES = {FRAILTY_TRIAL: ("D000073496", "Frailty"), EXOSOME_TRIAL: ("D009103", "Multiple Sclerosis")}
_DATES = {
    FRAILTY_TRIAL: (("2025-12-01", "ESTIMATED"), ("2027-06-30", "ESTIMATED"), ("2027-12-31", "ESTIMATED")),
    EXOSOME_TRIAL: (("2020-07-01", "ACTUAL"), ("2027-06-30", "ESTIMATED"), ("2027-12-31", "ESTIMATED")),
}
_DATE_NAMES = ("startDateStruct", "primaryCompletionDateStruct", "completionDateStruct")


@dataclass(frozen=True, slots=True)
class ReferenceTrials:
    """Both trials over the last fortnight of a generated registry's publishing days."""

    fortnight: Sequence[date]
    ids: tuple[str, ...] = (FRAILTY_TRIAL, EXOSOME_TRIAL)

    def nct_ids(self, day: date) -> tuple[str, ...]:
        """Those posted by that day."""
        return tuple(nct_id for nct_id in self.ids if _FIRST_POSTED[nct_id] <= day)

    def posted_on(self, day: date, nct_id: str) -> str:
        """The last update post date."""
        return (
            self._suspended_on.isoformat() if self._is_suspended(day, nct_id) else str(_FIRST_POSTED[nct_id])
        )

    def study(self, day: date, nct_id: str) -> bytes | None:
        """The record as compact JSON."""
        if nct_id not in self.nct_ids(day):
            return None
        mesh_id, term = _MESHES[nct_id]
        derived = {
            "miscInfoModule": {"versionHolder": day.isoformat()},
            "conditionBrowseModule": {"meshes": [{"id": mesh_id, "term": term}]},
        }
        protocol = _PROTOCOLS[nct_id] | {"statusModule": self._status_module(day, nct_id)}
        return orjson.dumps({"protocolSection": protocol, "derivedSection": derived, "hasResults": False})

    def versions(self, day: date, nct_id: str) -> list[bytes]:
        """The record as it was at every posting until that day."""
        days = [_FIRST_POSTED[nct_id]]
        if self._is_suspended(day, nct_id):
            days.append(self._suspended_on)
        return [record for posted in days if posted <= day and (record := self.study(posted, nct_id))]

    def changes(self, previous: date, day: date) -> list[TrueChange]:
        """First postings, and the one suspension."""
        new = [nct_id for nct_id in self.nct_ids(day) if nct_id not in self.nct_ids(previous)]
        found = [TrueChange(nct_id, NEW_TRIAL, None, nct_id) for nct_id in new]
        if self._is_suspended(day, EXOSOME_TRIAL) and not self._is_suspended(previous, EXOSOME_TRIAL):
            found.append(TrueChange(EXOSOME_TRIAL, STATUS, "RECRUITING", "SUSPENDED"))
            found.append(TrueChange(EXOSOME_TRIAL, WHY_STOPPED, None, WHY_SUSPENDED))
        return found

    @property
    def _suspended_on(self) -> date:
        return self.fortnight[SUSPENDED_AT]

    def _is_suspended(self, day: date, nct_id: str) -> bool:
        return nct_id == EXOSOME_TRIAL and day >= self._suspended_on > _FIRST_POSTED[nct_id]

    def _status_module(self, day: date, nct_id: str) -> Mapping[str, Any]:
        is_suspended = self._is_suspended(day, nct_id)
        status = "NOT_YET_RECRUITING" if nct_id == FRAILTY_TRIAL else "RECRUITING"
        submitted = _FIRST_SUBMITTED[nct_id]
        dates = zip(_DATE_NAMES, _DATES[nct_id], strict=True)
        updated = str(publishing_day_before(self._suspended_on, 2)) if is_suspended else submitted
        return {
            "statusVerifiedDate": updated[:7],
            "overallStatus": "SUSPENDED" if is_suspended else status,
            **({"whyStopped": WHY_SUSPENDED} if is_suspended else {}),
            "expandedAccessInfo": _NO_EXPANDED_ACCESS,
            **{name: {"date": text, "type": kind} for name, (text, kind) in dates},
            "studyFirstSubmitDate": submitted,
            "studyFirstSubmitQcDate": submitted,
            "studyFirstPostDateStruct": {"date": str(_FIRST_POSTED[nct_id]), "type": "ACTUAL"},
            "lastUpdateSubmitDate": updated,
            "lastUpdatePostDateStruct": {"date": self.posted_on(day, nct_id), "type": "ACTUAL"},
        }
