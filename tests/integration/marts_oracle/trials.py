"""The row of dim_trials and the further identifiers that a record must have."""

from integration.marts_oracle.values import (
    Record,
    Row,
    age_in_days,
    at,
    full_date,
    items,
    number_in,
    partial_date,
    picked,
)

P = "protocolSection"
R = "resultsSection"
IDENTIFICATION = f"{P}.identificationModule"
STATUS = f"{P}.statusModule"
SPONSORS = f"{P}.sponsorCollaboratorsModule"
DESIGN = f"{P}.designModule"
MASKING = f"{DESIGN}.designInfo.maskingInfo"
ELIGIBILITY = f"{P}.eligibilityModule"
OVERSIGHT = f"{P}.oversightModule"
SHARING = f"{P}.ipdSharingStatementModule"
LOCATIONS = f"{P}.contactsLocationsModule.locations"
ADVERSE = f"{R}.adverseEventsModule"
AGREEMENT = f"{R}.moreInfoModule.certainAgreement"
UNPOSTED = "annotationSection.annotationModule.unpostedAnnotation"
MISC = "derivedSection.miscInfoModule"

STUDY_PAGE = "https://clinicaltrials.gov/study/"

AS_GIVEN = {
    "nct_id": f"{IDENTIFICATION}.nctId",
    "org_study_id": f"{IDENTIFICATION}.orgStudyIdInfo.id",
    "org_study_id_type": f"{IDENTIFICATION}.orgStudyIdInfo.type",
    "org_study_id_link": f"{IDENTIFICATION}.orgStudyIdInfo.link",
    "nct_id_aliases": f"{IDENTIFICATION}.nctIdAliases",
    "brief_title": f"{IDENTIFICATION}.briefTitle",
    "official_title": f"{IDENTIFICATION}.officialTitle",
    "acronym": f"{IDENTIFICATION}.acronym",
    "organization_name": f"{IDENTIFICATION}.organization.fullName",
    "organization_class": f"{IDENTIFICATION}.organization.class",
    "expanded_access_nct_id": f"{STATUS}.expandedAccessInfo.nctId",
    "expanded_access_status": f"{STATUS}.expandedAccessInfo.statusForNctId",
    "has_expanded_access": f"{STATUS}.expandedAccessInfo.hasExpandedAccess",
    "overall_status": f"{STATUS}.overallStatus",
    "last_known_status": f"{STATUS}.lastKnownStatus",
    "why_stopped": f"{STATUS}.whyStopped",
    "is_posting_delayed": f"{STATUS}.delayedPosting",
    "are_results_waived": f"{STATUS}.resultsWaived",
    "study_type": f"{DESIGN}.studyType",
    "phases": f"{DESIGN}.phases",
    "lead_sponsor_name": f"{SPONSORS}.leadSponsor.name",
    "lead_sponsor_class": f"{SPONSORS}.leadSponsor.class",
    "responsible_party_type": f"{SPONSORS}.responsibleParty.type",
    "responsible_party_name": f"{SPONSORS}.responsibleParty.investigatorFullName",
    "responsible_party_title": f"{SPONSORS}.responsibleParty.investigatorTitle",
    "responsible_party_affiliation": f"{SPONSORS}.responsibleParty.investigatorAffiliation",
    "responsible_party_old_name_title": f"{SPONSORS}.responsibleParty.oldNameTitle",
    "responsible_party_old_organization": f"{SPONSORS}.responsibleParty.oldOrganization",
    "conditions": f"{P}.conditionsModule.conditions",
    "keywords": f"{P}.conditionsModule.keywords",
    "allocation": f"{DESIGN}.designInfo.allocation",
    "intervention_model": f"{DESIGN}.designInfo.interventionModel",
    "intervention_model_description": f"{DESIGN}.designInfo.interventionModelDescription",
    "primary_purpose": f"{DESIGN}.designInfo.primaryPurpose",
    "observational_model": f"{DESIGN}.designInfo.observationalModel",
    "time_perspective": f"{DESIGN}.designInfo.timePerspective",
    "masking": f"{MASKING}.masking",
    "masking_description": f"{MASKING}.maskingDescription",
    "who_masked": f"{MASKING}.whoMasked",
    "target_duration": f"{DESIGN}.targetDuration",
    "biospecimen_retention": f"{DESIGN}.bioSpec.retention",
    "biospecimen_description": f"{DESIGN}.bioSpec.description",
    "enrollment_count": f"{DESIGN}.enrollmentInfo.count",
    "enrollment_type": f"{DESIGN}.enrollmentInfo.type",
    "expanded_access_pointers_count": f"{DESIGN}.nPtrsToThisExpAccNctId",
    "has_individual_expanded_access": f"{DESIGN}.expandedAccessTypes.individual",
    "has_intermediate_expanded_access": f"{DESIGN}.expandedAccessTypes.intermediate",
    "has_treatment_expanded_access": f"{DESIGN}.expandedAccessTypes.treatment",
    "is_patient_registry": f"{DESIGN}.patientRegistry",
    "brief_summary": f"{P}.descriptionModule.briefSummary",
    "detailed_description": f"{P}.descriptionModule.detailedDescription",
    "eligibility_criteria": f"{ELIGIBILITY}.eligibilityCriteria",
    "sex": f"{ELIGIBILITY}.sex",
    "gender_description": f"{ELIGIBILITY}.genderDescription",
    "is_gender_based": f"{ELIGIBILITY}.genderBased",
    "minimum_age_text": f"{ELIGIBILITY}.minimumAge",
    "maximum_age_text": f"{ELIGIBILITY}.maximumAge",
    "standard_ages": f"{ELIGIBILITY}.stdAges",
    "study_population": f"{ELIGIBILITY}.studyPopulation",
    "sampling_method": f"{ELIGIBILITY}.samplingMethod",
    "accepts_healthy_volunteers": f"{ELIGIBILITY}.healthyVolunteers",
    "ipd_sharing": f"{SHARING}.ipdSharing",
    "ipd_sharing_description": f"{SHARING}.description",
    "ipd_information_types": f"{SHARING}.infoTypes",
    "ipd_time_frame": f"{SHARING}.timeFrame",
    "ipd_access_criteria": f"{SHARING}.accessCriteria",
    "ipd_url": f"{SHARING}.url",
    "has_results": "hasResults",
    "has_data_monitoring_committee": f"{OVERSIGHT}.oversightHasDmc",
    "is_fda_regulated_drug": f"{OVERSIGHT}.isFdaRegulatedDrug",
    "is_fda_regulated_device": f"{OVERSIGHT}.isFdaRegulatedDevice",
    "is_unapproved_device": f"{OVERSIGHT}.isUnapprovedDevice",
    "is_pediatric_postmarket_surveillance": f"{OVERSIGHT}.isPpsd",
    "is_us_export": f"{OVERSIGHT}.isUsExport",
    "has_fdaaa_violation": f"{OVERSIGHT}.fdaaa801Violation",
    "start_date_type": f"{STATUS}.startDateStruct.type",
    "primary_completion_date_type": f"{STATUS}.primaryCompletionDateStruct.type",
    "completion_date_type": f"{STATUS}.completionDateStruct.type",
    "first_posted_on_type": f"{STATUS}.studyFirstPostDateStruct.type",
    "results_first_posted_on_type": f"{STATUS}.resultsFirstPostDateStruct.type",
    "disposition_first_posted_on_type": f"{STATUS}.dispFirstPostDateStruct.type",
    "last_update_posted_on_type": f"{STATUS}.lastUpdatePostDateStruct.type",
    "first_mcp_posted_on_type": f"{MISC}.submissionTracking.firstMcpInfo.postDateStruct.type",
    "pre_assignment_details": f"{R}.participantFlowModule.preAssignmentDetails",
    "recruitment_details": f"{R}.participantFlowModule.recruitmentDetails",
    "participant_flow_units": f"{R}.participantFlowModule.typeUnitsAnalyzed",
    "baseline_population_description": f"{R}.baselineCharacteristicsModule.populationDescription",
    "baseline_units": f"{R}.baselineCharacteristicsModule.typeUnitsAnalyzed",
    "adverse_events_frequency_threshold_text": f"{ADVERSE}.frequencyThreshold",
    "adverse_events_time_frame": f"{ADVERSE}.timeFrame",
    "adverse_events_description": f"{ADVERSE}.description",
    "all_cause_mortality_comment": f"{ADVERSE}.allCauseMortalityComment",
    "limitations_and_caveats": f"{R}.moreInfoModule.limitationsAndCaveats.description",
    "is_investigator_sponsor_employee": f"{AGREEMENT}.piSponsorEmployee",
    "has_restrictive_agreement": f"{AGREEMENT}.restrictiveAgreement",
    "agreement_restriction_type": f"{AGREEMENT}.restrictionType",
    "agreement_other_details": f"{AGREEMENT}.otherDetails",
    "unposted_responsible_party": f"{UNPOSTED}.unpostedResponsibleParty",
    "has_no_statistical_analysis_plan": "documentSection.largeDocumentModule.noSap",
    "predicted_minimum_bmi": f"{MISC}.modelPredictions.bmiLimits.minBmi",
    "predicted_maximum_bmi": f"{MISC}.modelPredictions.bmiLimits.maxBmi",
}

FULL_DATES = {
    "first_submitted_on": f"{STATUS}.studyFirstSubmitDate",
    "first_submitted_qc_on": f"{STATUS}.studyFirstSubmitQcDate",
    "first_posted_on": f"{STATUS}.studyFirstPostDateStruct.date",
    "results_first_submitted_on": f"{STATUS}.resultsFirstSubmitDate",
    "results_first_submitted_qc_on": f"{STATUS}.resultsFirstSubmitQcDate",
    "results_first_posted_on": f"{STATUS}.resultsFirstPostDateStruct.date",
    "disposition_first_submitted_on": f"{STATUS}.dispFirstSubmitDate",
    "disposition_first_submitted_qc_on": f"{STATUS}.dispFirstSubmitQcDate",
    "disposition_first_posted_on": f"{STATUS}.dispFirstPostDateStruct.date",
    "last_update_submitted_on": f"{STATUS}.lastUpdateSubmitDate",
    "last_update_posted_on": f"{STATUS}.lastUpdatePostDateStruct.date",
    "estimated_results_first_submitted_on": f"{MISC}.submissionTracking.estimatedResultsFirstSubmitDate",
    "first_mcp_posted_on": f"{MISC}.submissionTracking.firstMcpInfo.postDateStruct.date",
}

PARTIAL_DATES = {
    "start_date": f"{STATUS}.startDateStruct.date",
    "primary_completion_date": f"{STATUS}.primaryCompletionDateStruct.date",
    "completion_date": f"{STATUS}.completionDateStruct.date",
    "status_verified_date": f"{STATUS}.statusVerifiedDate",
}

COUNTS = {
    "arms_count": f"{P}.armsInterventionsModule.armGroups",
    "interventions_count": f"{P}.armsInterventionsModule.interventions",
    "sites_count": LOCATIONS,
    "primary_outcomes_count": f"{P}.outcomesModule.primaryOutcomes",
    "secondary_outcomes_count": f"{P}.outcomesModule.secondaryOutcomes",
    "other_outcomes_count": f"{P}.outcomesModule.otherOutcomes",
}

MASKED = {
    "is_participant_masked": "PARTICIPANT",
    "is_care_provider_masked": "CARE_PROVIDER",
    "is_investigator_masked": "INVESTIGATOR",
    "is_outcomes_assessor_masked": "OUTCOMES_ASSESSOR",
}


def trial(record: Record) -> Row:
    """The row of dim_trials, without what comes from history or from code lists."""
    row = picked(record, AS_GIVEN)
    row |= {column: full_date(at(record, path)) for column, path in FULL_DATES.items()}
    row |= {column: len(items(record, path)) for column, path in COUNTS.items()}
    for column, path in PARTIAL_DATES.items():
        row |= partial_date(column, at(record, path))
    return row | _masked(row["who_masked"]) | _derived(record, row)


def _masked(who: list[str] | None) -> Row:
    return {column: None if who is None else name in who for column, name in MASKED.items()}


def _derived(record: Record, row: Row) -> Row:
    steps = items(record, f"{UNPOSTED}.unpostedEvents")
    return {
        "registry_url": STUDY_PAGE + row["nct_id"],
        "funder_classes": _funder_classes(record),
        "countries": _countries(record),
        "minimum_age_days": age_in_days(row["minimum_age_text"]),
        "maximum_age_days": age_in_days(row["maximum_age_text"]),
        "adverse_events_frequency_threshold": number_in(row["adverse_events_frequency_threshold_text"]),
        "last_unposted_event_type": steps[-1].get("type") if steps else None,
    }


def _funder_classes(record: Record) -> list[str]:
    lead = at(record, f"{SPONSORS}.leadSponsor")
    return _distinct([lead or {}, *items(record, f"{SPONSORS}.collaborators")], "class")


def _countries(record: Record) -> list[str] | None:
    """A record without sites has no list, as it gives none; one whose sites have no country an empty one."""
    return None if at(record, LOCATIONS) is None else _distinct(items(record, LOCATIONS), "country")


def _distinct(listed: list[Record], name: str) -> list[str]:
    return sorted({item[name] for item in listed if name in item})


def identifiers(record: Record) -> list[Row]:
    """The rows of fct_trial_identifiers."""
    own = at(record, f"{IDENTIFICATION}.orgStudyIdInfo")
    listed = {
        "ORG_STUDY_ID": [own] if own else [],
        "SECONDARY_ID": items(record, f"{IDENTIFICATION}.secondaryIdInfos"),
        "NCT_ALIAS": [{"id": alias} for alias in items(record, f"{IDENTIFICATION}.nctIdAliases")],
    }
    return [
        {
            "identifier_source": source,
            "identifier_number": number,
            "identifier": info.get("id"),
            "identifier_type": info.get("type"),
            "identifier_domain": info.get("domain"),
            "identifier_url": info.get("link"),
        }
        for source, infos in listed.items()
        for number, info in enumerate(infos, 1)
    ]
