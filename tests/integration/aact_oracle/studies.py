"""The table `studies` and the tables with at most one row a study."""

import re

from integration.aact_oracle.reading import Row, Study, at, listed, picked
from integration.aact_oracle.values import boolean, contains, end_of_period, yes_or_no

STATUS = "protocolSection.statusModule."
DESIGN = "protocolSection.designModule."
IDENTIFICATION = "protocolSection.identificationModule."
OVERSIGHT = "protocolSection.oversightModule."
IPD = "protocolSection.ipdSharingStatementModule."
BASELINE = "resultsSection.baselineCharacteristicsModule."

STUDY_VALUES = {
    "study_first_posted_date_type": STATUS + "studyFirstPostDateStruct.type",
    "results_first_posted_date_type": STATUS + "resultsFirstPostDateStruct.type",
    "disposition_first_posted_date_type": STATUS + "dispFirstPostDateStruct.type",
    "last_update_posted_date_type": STATUS + "lastUpdatePostDateStruct.type",
    "start_month_year": STATUS + "startDateStruct.date",
    "start_date_type": STATUS + "startDateStruct.type",
    "verification_month_year": STATUS + "statusVerifiedDate",
    "completion_month_year": STATUS + "completionDateStruct.date",
    "completion_date_type": STATUS + "completionDateStruct.type",
    "primary_completion_month_year": STATUS + "primaryCompletionDateStruct.date",
    "primary_completion_date_type": STATUS + "primaryCompletionDateStruct.type",
    "target_duration": DESIGN + "targetDuration",
    "study_type": DESIGN + "studyType",
    "acronym": IDENTIFICATION + "acronym",
    "baseline_population": BASELINE + "populationDescription",
    "brief_title": IDENTIFICATION + "briefTitle",
    "official_title": IDENTIFICATION + "officialTitle",
    "overall_status": STATUS + "overallStatus",
    "last_known_status": STATUS + "lastKnownStatus",
    "enrollment": DESIGN + "enrollmentInfo.count",
    "enrollment_type": DESIGN + "enrollmentInfo.type",
    "source": IDENTIFICATION + "organization.fullName",
    "limitations_and_caveats": "resultsSection.moreInfoModule.limitationsAndCaveats.description",
    "why_stopped": STATUS + "whyStopped",
    "biospec_retention": DESIGN + "bioSpec.retention",
    "biospec_description": DESIGN + "bioSpec.description",
    "ipd_time_frame": IPD + "timeFrame",
    "ipd_access_criteria": IPD + "accessCriteria",
    "ipd_url": IPD + "url",
    "plan_to_share_ipd": IPD + "ipdSharing",
    "plan_to_share_ipd_description": IPD + "description",
    "source_class": IDENTIFICATION + "organization.class",
    "expanded_access_nctid": STATUS + "expandedAccessInfo.nctId",
    "expanded_access_status_for_nctid": STATUS + "expandedAccessInfo.statusForNctId",
    "baseline_type_units_analyzed": BASELINE + "typeUnitsAnalyzed",
}
STUDY_DATES = {
    "study_first_submitted_date": STATUS + "studyFirstSubmitDate",
    "results_first_submitted_date": STATUS + "resultsFirstSubmitDate",
    "disposition_first_submitted_date": STATUS + "dispFirstSubmitDate",
    "last_update_submitted_date": STATUS + "lastUpdateSubmitDate",
    "study_first_submitted_qc_date": STATUS + "studyFirstSubmitQcDate",
    "study_first_posted_date": STATUS + "studyFirstPostDateStruct.date",
    "results_first_submitted_qc_date": STATUS + "resultsFirstSubmitQcDate",
    "results_first_posted_date": STATUS + "resultsFirstPostDateStruct.date",
    "disposition_first_submitted_qc_date": STATUS + "dispFirstSubmitQcDate",
    "disposition_first_posted_date": STATUS + "dispFirstPostDateStruct.date",
    # The registry gives no such date: AACT copies the one above.
    "last_update_submitted_qc_date": STATUS + "lastUpdateSubmitDate",
    "last_update_posted_date": STATUS + "lastUpdatePostDateStruct.date",
    "start_date": STATUS + "startDateStruct.date",
    "verification_date": STATUS + "statusVerifiedDate",
    "completion_date": STATUS + "completionDateStruct.date",
    "primary_completion_date": STATUS + "primaryCompletionDateStruct.date",
}
STUDY_BOOLEANS = {
    "has_expanded_access": STATUS + "expandedAccessInfo.hasExpandedAccess",
    "expanded_access_type_individual": DESIGN + "expandedAccessTypes.individual",
    "expanded_access_type_intermediate": DESIGN + "expandedAccessTypes.intermediate",
    "expanded_access_type_treatment": DESIGN + "expandedAccessTypes.treatment",
    "has_dmc": OVERSIGHT + "oversightHasDmc",
    "is_fda_regulated_drug": OVERSIGHT + "isFdaRegulatedDrug",
    "is_fda_regulated_device": OVERSIGHT + "isFdaRegulatedDevice",
    "is_unapproved_device": OVERSIGHT + "isUnapprovedDevice",
    "is_ppsd": OVERSIGHT + "isPpsd",
    "is_us_export": OVERSIGHT + "isUsExport",
    "delayed_posting": STATUS + "delayedPosting",
    "fdaaa801_violation": OVERSIGHT + "fdaaa801Violation",
    "patient_registry": DESIGN + "patientRegistry",
}

DESIGN_TEXTS = {
    "allocation": "allocation",
    "intervention_model": "interventionModel",
    "observational_model": "observationalModel",
    "primary_purpose": "primaryPurpose",
    "time_perspective": "timePerspective",
    "masking": "maskingInfo.masking",
    "masking_description": "maskingInfo.maskingDescription",
    "intervention_model_description": "interventionModelDescription",
}
ELIGIBILITY_TEXTS = {
    "sampling_method": "samplingMethod",
    "gender": "sex",
    "minimum_age": "minimumAge",
    "maximum_age": "maximumAge",
    "population": "studyPopulation",
    "criteria": "eligibilityCriteria",
    "gender_description": "genderDescription",
}
RESPONSIBLE_PARTY_TEXTS = {
    "responsible_party_type": "type",
    "name": "investigatorFullName",
    "title": "investigatorTitle",
    "organization": "oldOrganization",
    "affiliation": "investigatorAffiliation",
    "old_name_title": "oldNameTitle",
}
RESULT_CONTACT_TEXTS = {
    "organization": "organization",
    "name": "title",
    "phone": "phone",
    "email": "email",
    "extension": "phoneExt",
}


def read_studies(study: Study) -> None:
    record = study.record
    phases = at(record, DESIGN + "phases")
    row: Row = {
        "nct_id": study.nct_id,
        "nlm_download_date_description": None,
        **picked(record, STUDY_VALUES),
        **{column: end_of_period(at(record, path)) for column, path in STUDY_DATES.items()},
        **{column: boolean(at(record, path)) for column, path in STUDY_BOOLEANS.items()},
        "phase": None if phases is None else "/".join(phases),
        **_counts_of_arms(record),
    }
    study.tables["studies"].append(row)


def _counts_of_arms(record: Row) -> dict[str, int | None]:
    """Arms of a trial or groups of any other study; no list of arms is no count, not zero."""
    arms = at(record, "protocolSection.armsInterventionsModule.armGroups")
    count = None if arms is None else len(arms)
    is_trial = re.search("interventional", at(record, DESIGN + "studyType") or "", re.IGNORECASE)
    return {
        "number_of_arms": count if is_trial else None,
        "number_of_groups": None if is_trial else count,
    }


def read_descriptions(study: Study) -> None:
    for table, name in (
        ("brief_summaries", "briefSummary"),
        ("detailed_descriptions", "detailedDescription"),
    ):
        description = at(study.record, "protocolSection.descriptionModule." + name)
        if description is not None:
            study.add(table, description=description)


def read_designs(study: Study) -> None:
    design = at(study.record, DESIGN + "designInfo")
    if design is None:
        return
    masked = at(design, "maskingInfo.whoMasked")
    study.add(
        "designs",
        **picked(design, DESIGN_TEXTS),
        subject_masked=contains(masked, "PARTICIPANT"),
        caregiver_masked=contains(masked, "CARE_PROVIDER"),
        investigator_masked=contains(masked, "INVESTIGATOR"),
        outcomes_assessor_masked=contains(masked, "OUTCOMES_ASSESSOR"),
    )


def read_eligibilities(study: Study) -> None:
    eligibility = at(study.record, "protocolSection.eligibilityModule")
    if eligibility is None:
        return
    ages = at(eligibility, "stdAges")
    study.add(
        "eligibilities",
        **picked(eligibility, ELIGIBILITY_TEXTS),
        healthy_volunteers=boolean(at(eligibility, "healthyVolunteers")),
        gender_based=yes_or_no(at(eligibility, "genderBased")),
        adult=contains(ages, "ADULT"),
        child=contains(ages, "CHILD"),
        older_adult=contains(ages, "OLDER_ADULT"),
    )


def read_responsible_parties(study: Study) -> None:
    party = at(study.record, "protocolSection.sponsorCollaboratorsModule.responsibleParty")
    if party is not None:
        study.add("responsible_parties", **picked(party, RESPONSIBLE_PARTY_TEXTS))


def read_result_information(study: Study) -> None:
    agreement = at(study.record, "resultsSection.moreInfoModule.certainAgreement")
    if agreement is not None:
        study.add(
            "result_agreements",
            pi_employee=boolean(at(agreement, "piSponsorEmployee")),
            agreement=None,
            restriction_type=at(agreement, "restrictionType"),
            other_details=at(agreement, "otherDetails"),
            restrictive_agreement=boolean(at(agreement, "restrictiveAgreement")),
        )
    contact = at(study.record, "resultsSection.moreInfoModule.pointOfContact")
    if contact is not None:
        study.add("result_contacts", **picked(contact, RESULT_CONTACT_TEXTS))


def read_pending_results(study: Study) -> None:
    annotation = at(study.record, "annotationSection.annotationModule.unpostedAnnotation")
    for event in listed(annotation, "unpostedEvents"):
        study.add(
            "pending_results",
            event=at(event, "type"),
            event_date_description=at(event, "date"),
            event_date=end_of_period(at(event, "date")),
        )
