{#- Every module of a record as one nested column: what a model does not name is not read. -#}
{% macro modules_of_record() -%}
    nct_id,
    content_hash,

    ---------- protocol
    protocolSection.identificationModule as identification_module,
    protocolSection.statusModule as status_module,
    protocolSection.sponsorCollaboratorsModule as sponsor_collaborators_module,
    protocolSection.oversightModule as oversight_module,
    protocolSection.descriptionModule as description_module,
    protocolSection.conditionsModule as conditions_module,
    protocolSection.designModule as design_module,
    protocolSection.armsInterventionsModule as arms_interventions_module,
    protocolSection.outcomesModule as outcomes_module,
    protocolSection.eligibilityModule as eligibility_module,
    protocolSection.contactsLocationsModule as contacts_locations_module,
    protocolSection.referencesModule as references_module,
    protocolSection.ipdSharingStatementModule as ipd_sharing_statement_module,

    ---------- results
    hasResults as has_results,
    resultsSection.participantFlowModule as participant_flow_module,
    resultsSection.baselineCharacteristicsModule as baseline_characteristics_module,
    resultsSection.outcomeMeasuresModule as outcome_measures_module,
    resultsSection.adverseEventsModule as adverse_events_module,
    resultsSection.moreInfoModule as more_info_module,

    ---------- what the registry adds
    annotationSection.annotationModule as annotation_module,
    documentSection.largeDocumentModule as large_document_module,
    derivedSection.miscInfoModule as misc_info_module,
    derivedSection.conditionBrowseModule as condition_browse_module,
    derivedSection.interventionBrowseModule as intervention_browse_module
{%- endmacro %}
