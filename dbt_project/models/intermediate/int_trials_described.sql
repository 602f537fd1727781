{#- What a record gives once, renamed and cast: identity, design, eligibility, oversight, data sharing. -#}
with

records as (

    select
        nct_id,
        content_hash,
        has_results,
        identification_module as identification,
        status_module as status,
        sponsor_collaborators_module as sponsors,
        oversight_module as oversight,
        description_module as description,
        conditions_module as conditions,
        design_module as design,
        arms_interventions_module as arms,
        outcomes_module as outcomes,
        eligibility_module as eligibility,
        contacts_locations_module.locations as locations,
        ipd_sharing_statement_module as ipd

    from {{ ref('int_records_changed') }}

),

final as (

    select
        ---------- ids
        nct_id,
        content_hash,
        identification.orgStudyIdInfo.id as org_study_id,
        identification.orgStudyIdInfo.type as org_study_id_type,
        identification.orgStudyIdInfo.link as org_study_id_link,
        identification.nctIdAliases as nct_id_aliases,
        status.expandedAccessInfo.nctId as expanded_access_nct_id,

        ---------- strings
        identification.briefTitle as brief_title,
        identification.officialTitle as official_title,
        identification.acronym as acronym,
        identification.organization.fullName as organization_name,
        identification.organization.class as organization_class,
        status.overallStatus as overall_status,
        status.lastKnownStatus as last_known_status,
        status.whyStopped as why_stopped,
        {{ stop_reason('status.whyStopped', 'status.overallStatus') }} as stop_reason,
        status.expandedAccessInfo.statusForNctId as expanded_access_status,
        sponsors.leadSponsor.name as lead_sponsor_name,
        sponsors.leadSponsor.class as lead_sponsor_class,
        list_sort(list_distinct(list_concat(
            [sponsors.leadSponsor.class],
            list_transform(sponsors.collaborators, lambda collaborator: collaborator.class)
        ))) as funder_classes,
        sponsors.responsibleParty.type as responsible_party_type,
        sponsors.responsibleParty.investigatorFullName as responsible_party_name,
        sponsors.responsibleParty.investigatorTitle as responsible_party_title,
        sponsors.responsibleParty.investigatorAffiliation as responsible_party_affiliation,
        sponsors.responsibleParty.oldNameTitle as responsible_party_old_name_title,
        sponsors.responsibleParty.oldOrganization as responsible_party_old_organization,
        description.briefSummary as brief_summary,
        description.detailedDescription as detailed_description,
        conditions.conditions as conditions,
        conditions.keywords as keywords,
        list_sort(list_distinct(list_transform(locations, lambda location: location.country))) as countries,
        design.studyType as study_type,
        design.phases as phases,
        design.designInfo.allocation as allocation,
        design.designInfo.interventionModel as intervention_model,
        design.designInfo.interventionModelDescription as intervention_model_description,
        design.designInfo.primaryPurpose as primary_purpose,
        design.designInfo.observationalModel as observational_model,
        design.designInfo.timePerspective as time_perspective,
        design.designInfo.maskingInfo.masking as masking,
        design.designInfo.maskingInfo.maskingDescription as masking_description,
        design.designInfo.maskingInfo.whoMasked as who_masked,
        design.targetDuration as target_duration,
        design.bioSpec.retention as biospecimen_retention,
        design.bioSpec.description as biospecimen_description,
        design.enrollmentInfo.type as enrollment_type,
        eligibility.eligibilityCriteria as eligibility_criteria,
        eligibility.sex as sex,
        eligibility.genderDescription as gender_description,
        eligibility.minimumAge as minimum_age_text,
        eligibility.maximumAge as maximum_age_text,
        eligibility.stdAges as standard_ages,
        eligibility.studyPopulation as study_population,
        eligibility.samplingMethod as sampling_method,
        ipd.ipdSharing as ipd_sharing,
        ipd.description as ipd_sharing_description,
        ipd.infoTypes as ipd_information_types,
        ipd.timeFrame as ipd_time_frame,
        ipd.accessCriteria as ipd_access_criteria,
        ipd.url as ipd_url,

        ---------- numerics
        design.enrollmentInfo.count as enrollment_count,
        design.nPtrsToThisExpAccNctId as expanded_access_pointers_count,
        {{ age_in_days('eligibility.minimumAge') }} as minimum_age_days,
        {{ age_in_days('eligibility.maximumAge') }} as maximum_age_days,
        coalesce(len(arms.armGroups), 0) as arms_count,
        coalesce(len(arms.interventions), 0) as interventions_count,
        coalesce(len(locations), 0) as sites_count,
        coalesce(len(outcomes.primaryOutcomes), 0) as primary_outcomes_count,
        coalesce(len(outcomes.secondaryOutcomes), 0) as secondary_outcomes_count,
        coalesce(len(outcomes.otherOutcomes), 0) as other_outcomes_count,

        ---------- booleans
        has_results,
        status.delayedPosting as is_posting_delayed,
        status.resultsWaived as are_results_waived,
        status.expandedAccessInfo.hasExpandedAccess as has_expanded_access,
        design.expandedAccessTypes.individual as has_individual_expanded_access,
        design.expandedAccessTypes.intermediate as has_intermediate_expanded_access,
        design.expandedAccessTypes.treatment as has_treatment_expanded_access,
        design.patientRegistry as is_patient_registry,
        list_contains(design.designInfo.maskingInfo.whoMasked, 'PARTICIPANT') as is_participant_masked,
        list_contains(design.designInfo.maskingInfo.whoMasked, 'CARE_PROVIDER') as is_care_provider_masked,
        list_contains(design.designInfo.maskingInfo.whoMasked, 'INVESTIGATOR') as is_investigator_masked,
        list_contains(design.designInfo.maskingInfo.whoMasked, 'OUTCOMES_ASSESSOR')
            as is_outcomes_assessor_masked,
        eligibility.healthyVolunteers as accepts_healthy_volunteers,
        eligibility.genderBased as is_gender_based,
        oversight.oversightHasDmc as has_data_monitoring_committee,
        oversight.isFdaRegulatedDrug as is_fda_regulated_drug,
        oversight.isFdaRegulatedDevice as is_fda_regulated_device,
        oversight.isUnapprovedDevice as is_unapproved_device,
        oversight.isPpsd as is_pediatric_postmarket_surveillance,
        oversight.isUsExport as is_us_export,
        oversight.fdaaa801Violation as has_fdaaa_violation

    from records

)

select * from final
