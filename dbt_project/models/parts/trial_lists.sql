{#-
    What every version of a trial lists, and its longer texts; with trial_contents all that two versions are compared
    by. Of persons and of results there are only keys, equal where what they stand for is. The three longest texts of a
    trial's newest content are in trials_as_recorded alone: twice, they were a tenth of the file.
-#}
with

changed as (

    select * from {{ ref('stg_ctgov__versions_changed') }}
    where {{ in_batch() }}

),

records as (

    select * from {{ ref('int_records_changed') }}

),

newest as (

    select * from {{ ref('stg_ctgov__trials_changed') }}
    where {{ in_batch() }}

),

final as (

    select
        ---------- ids
        records.nct_id,
        records.content_hash,

        ---------- lists
        arms_interventions_module.armGroups as arms,
        arms_interventions_module.interventions as interventions,
        list_sort(
            list_distinct(list_transform(arms_interventions_module.interventions, lambda item: item.type))
        )
            as intervention_types,
        outcomes_module.primaryOutcomes as primary_outcomes,
        outcomes_module.secondaryOutcomes as secondary_outcomes,
        outcomes_module.otherOutcomes as other_outcomes,
        list_transform(contacts_locations_module.locations, lambda site: {
            'facility': site.facility,
            'city': site.city,
            'state': site.state,
            'zip': site.zip,
            'country': site.country,
            'status': site.status,
            'latitude': site.geoPoint.lat,
            'longitude': site.geoPoint.lon,
            'contacts_key': {{ key_of_nested('site.contacts') }}
        }) as sites,
        misc_info_module.removedCountries as removed_countries,
        sponsor_collaborators_module.collaborators as collaborators,
        identification_module.secondaryIdInfos as secondary_ids,
        references_module.references as references_cited,
        references_module.seeAlsoLinks as links,
        references_module.availIpds as shared_data,
        large_document_module.largeDocs as documents,
        misc_info_module.submissionTracking.submissionInfos as result_submissions,
        annotation_module.unpostedAnnotation.unpostedEvents as unposted_events,
        annotation_module.violationAnnotation.violationEvents as violation_events,
        list_transform(contacts_locations_module.centralContacts, lambda person: {
            'role': person.role,
            'name_key': {{ key_of('person.name') }},
            'reach_key': {{ key_of("concat_ws('/', person.phone, person.phoneExt, person.email)") }}
        }) as central_contacts,
        list_transform(contacts_locations_module.overallOfficials, lambda person: {
            'role': person.role,
            'name_key': {{ key_of('person.name') }},
            'affiliation_key': {{ key_of('person.affiliation') }}
        }) as overall_officials,

        ---------- longer texts
        if(newest.nct_id is null, description_module.briefSummary, null) as brief_summary,
        if(newest.nct_id is null, description_module.detailedDescription, null) as detailed_description,
        design_module.designInfo.interventionModelDescription as intervention_model_description,
        design_module.designInfo.maskingInfo.maskingDescription as masking_description,
        design_module.bioSpec.description as biospecimen_description,
        if(newest.nct_id is null, eligibility_module.eligibilityCriteria, null) as eligibility_criteria,
        eligibility_module.genderDescription as gender_description,
        eligibility_module.studyPopulation as study_population,
        ipd_sharing_statement_module.description as ipd_sharing_description,
        ipd_sharing_statement_module.timeFrame as ipd_time_frame,
        ipd_sharing_statement_module.accessCriteria as ipd_access_criteria,

        ---------- keys
        {{ key_of_nested('sponsor_collaborators_module.responsibleParty') }} as responsible_party_key,
        {{ key_of('annotation_module.unpostedAnnotation.unpostedResponsibleParty') }}
            as unposted_responsible_party_key,
        {{ key_of_nested('participant_flow_module') }} as participant_flow_key,
        {{ key_of_nested('baseline_characteristics_module') }} as baseline_key,
        {{ key_of_nested('outcome_measures_module') }} as outcome_measures_key,
        {{ key_of_nested('adverse_events_module') }} as adverse_events_key,
        {{ key_of_nested('more_info_module') }} as more_info_key,
        {{ key_of_nested('condition_browse_module') }} as condition_browse_key,
        {{ key_of_nested('intervention_browse_module') }} as intervention_browse_key,
        {{ key_of_nested('misc_info_module.modelPredictions') }} as model_predictions_key,

        ---------- booleans
        large_document_module.noSap as has_no_analysis_plan,
        coalesce(trim(sponsor_collaborators_module.responsibleParty.investigatorAffiliation), '') <> ''
            as has_responsible_party_affiliation

    from changed
    inner join records
        on
            changed.nct_id = records.nct_id
            and changed.content_hash = records.content_hash
    left join newest
        on
            changed.nct_id = newest.nct_id
            and changed.content_hash = newest.content_hash

)

select * from final
