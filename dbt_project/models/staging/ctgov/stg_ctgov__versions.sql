with

versions as (

    select * from {{ source('raw', 'raw_ctgov__versions') }}

),

modules as (

    select
        nct_id,
        content_hash,
        protocolSection.identificationModule as identification,
        protocolSection.statusModule as status,
        protocolSection.sponsorCollaboratorsModule as sponsors,
        protocolSection.oversightModule as oversight,
        protocolSection.descriptionModule as description,
        protocolSection.conditionsModule as conditions,
        protocolSection.designModule as design,
        protocolSection.armsInterventionsModule as arms,
        protocolSection.eligibilityModule as eligibility,
        protocolSection.contactsLocationsModule.locations as locations,
        hasResults as has_results

    from versions

),

final as (

    select
        ---------- ids
        nct_id,
        content_hash,
        identification.orgStudyIdInfo.id as org_study_id,
        identification.nctIdAliases as nct_id_aliases,

        ---------- strings
        identification.briefTitle as brief_title,
        identification.officialTitle as official_title,
        identification.acronym as acronym,
        status.overallStatus as overall_status,
        status.lastKnownStatus as last_known_status,
        status.whyStopped as why_stopped,
        sponsors.leadSponsor.name as lead_sponsor_name,
        sponsors.leadSponsor.class as lead_sponsor_class,
        sponsors.responsibleParty.type as responsible_party_type,
        sponsors.responsibleParty.investigatorFullName as responsible_party_name,
        sponsors.responsibleParty.investigatorTitle as responsible_party_title,
        sponsors.responsibleParty.investigatorAffiliation as responsible_party_affiliation,
        description.briefSummary as brief_summary,
        description.detailedDescription as detailed_description,
        conditions.conditions as conditions,
        conditions.keywords as keywords,
        list_sort(list_distinct(list_transform(locations, lambda location: location.country))) as countries,
        design.studyType as study_type,
        design.phases as phases,
        design.designInfo.allocation as allocation,
        design.designInfo.interventionModel as intervention_model,
        design.designInfo.primaryPurpose as primary_purpose,
        design.designInfo.observationalModel as observational_model,
        design.designInfo.timePerspective as time_perspective,
        design.designInfo.maskingInfo.masking as masking,
        design.designInfo.maskingInfo.whoMasked as who_masked,
        design.enrollmentInfo.type as enrollment_type,
        eligibility.eligibilityCriteria as eligibility_criteria,
        eligibility.sex as sex,
        eligibility.minimumAge as minimum_age_text,
        eligibility.maximumAge as maximum_age_text,
        eligibility.stdAges as standard_ages,

        ---------- numerics
        design.enrollmentInfo.count as enrollment_count,
        coalesce(len(arms.armGroups), 0) as arms_count,
        coalesce(len(arms.interventions), 0) as interventions_count,
        coalesce(len(locations), 0) as sites_count,

        ---------- booleans
        has_results,
        status.expandedAccessInfo.hasExpandedAccess as has_expanded_access,
        eligibility.healthyVolunteers as accepts_healthy_volunteers,
        oversight.oversightHasDmc as has_data_monitoring_committee,
        oversight.isFdaRegulatedDrug as is_fda_regulated_drug,
        oversight.isFdaRegulatedDevice as is_fda_regulated_device,

        ---------- dates
        status.startDateStruct.date as start_date_text,
        status.startDateStruct.type as start_date_type,
        status.primaryCompletionDateStruct.date as primary_completion_date_text,
        status.primaryCompletionDateStruct.type as primary_completion_date_type,
        status.completionDateStruct.date as completion_date_text,
        status.completionDateStruct.type as completion_date_type,
        status.statusVerifiedDate as status_verified_date_text,
        try_cast(status.studyFirstSubmitDate as date) as first_submitted_on,
        try_cast(status.studyFirstPostDateStruct.date as date) as first_posted_on,
        status.studyFirstPostDateStruct.type as first_posted_on_type,
        try_cast(status.resultsFirstSubmitDate as date) as results_first_submitted_on,
        try_cast(status.resultsFirstPostDateStruct.date as date) as results_first_posted_on,
        try_cast(status.lastUpdateSubmitDate as date) as last_update_submitted_on,
        try_cast(status.lastUpdatePostDateStruct.date as date) as last_update_posted_on,
        status.lastUpdatePostDateStruct.type as last_update_posted_on_type

    from modules

)

select * from final
