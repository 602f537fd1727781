{#- What the results, the registry's annotations and its derivations say once a trial. -#}
with

records as (

    select
        nct_id,
        participant_flow_module as flow,
        baseline_characteristics_module as baseline,
        adverse_events_module as adverse_events,
        more_info_module as more_info,
        annotation_module.unpostedAnnotation as unposted,
        large_document_module as documents,
        list_last(misc_info_module.submissionTracking.submissionInfos) as last_submission,
        misc_info_module.modelPredictions.bmiLimits as bmi_limits

    from {{ ref('int_records_current') }}

),

final as (

    select
        nct_id,
        flow.preAssignmentDetails as pre_assignment_details,
        flow.recruitmentDetails as recruitment_details,
        flow.typeUnitsAnalyzed as participant_flow_units,
        baseline.populationDescription as baseline_population_description,
        baseline.typeUnitsAnalyzed as baseline_units,
        adverse_events.frequencyThreshold as adverse_events_frequency_threshold_text,
        {{ number_in('adverse_events.frequencyThreshold') }} as adverse_events_frequency_threshold,
        adverse_events.timeFrame as adverse_events_time_frame,
        adverse_events.description as adverse_events_description,
        adverse_events.allCauseMortalityComment as all_cause_mortality_comment,
        more_info.limitationsAndCaveats.description as limitations_and_caveats,
        more_info.certainAgreement.piSponsorEmployee as is_investigator_sponsor_employee,
        more_info.certainAgreement.restrictiveAgreement as has_restrictive_agreement,
        more_info.certainAgreement.restrictionType as agreement_restriction_type,
        more_info.certainAgreement.otherDetails as agreement_other_details,
        unposted.unpostedResponsibleParty as unposted_responsible_party,
        list_last(unposted.unpostedEvents).type as last_unposted_event_type,
        last_submission.releaseDate is not null
        and last_submission.unreleaseDate is null
        and coalesce(not last_submission.unreleaseDateUnknown, true) as is_last_submission_standing,
        documents.noSap as has_no_statistical_analysis_plan,
        bmi_limits.minBmi as predicted_minimum_bmi,
        bmi_limits.maxBmi as predicted_maximum_bmi

    from records

)

select * from final
