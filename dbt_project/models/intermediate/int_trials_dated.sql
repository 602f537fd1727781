{#- The dates that a record gives once. A partial date is read as the days it can mean. -#}
with

records as (

    select
        nct_id,
        content_hash,
        status_module as status,
        misc_info_module as misc

    from {{ ref('int_records_changed') }}

),

given as (

    select
        nct_id,
        content_hash,
        status.overallStatus as overall_status,
        status.startDateStruct.date as start_date_text,
        status.startDateStruct.type as start_date_type,
        status.primaryCompletionDateStruct.date as primary_completion_date_text,
        status.primaryCompletionDateStruct.type as primary_completion_date_type,
        status.completionDateStruct.date as completion_date_text,
        status.completionDateStruct.type as completion_date_type,
        status.statusVerifiedDate as status_verified_date_text,
        {{ full_date('status.studyFirstSubmitDate') }} as first_submitted_on,
        {{ full_date('status.studyFirstSubmitQcDate') }} as first_submitted_qc_on,
        {{ full_date('status.studyFirstPostDateStruct.date') }} as first_posted_on,
        status.studyFirstPostDateStruct.type as first_posted_on_type,
        {{ full_date('status.resultsFirstSubmitDate') }} as results_first_submitted_on,
        {{ full_date('status.resultsFirstSubmitQcDate') }} as results_first_submitted_qc_on,
        {{ full_date('status.resultsFirstPostDateStruct.date') }} as results_first_posted_on,
        status.resultsFirstPostDateStruct.type as results_first_posted_on_type,
        {{ full_date('status.dispFirstSubmitDate') }} as disposition_first_submitted_on,
        {{ full_date('status.dispFirstSubmitQcDate') }} as disposition_first_submitted_qc_on,
        {{ full_date('status.dispFirstPostDateStruct.date') }} as disposition_first_posted_on,
        status.dispFirstPostDateStruct.type as disposition_first_posted_on_type,
        {{ full_date('status.lastUpdateSubmitDate') }} as last_update_submitted_on,
        {{ full_date('status.lastUpdatePostDateStruct.date') }} as last_update_posted_on,
        status.lastUpdatePostDateStruct.type as last_update_posted_on_type,
        {{ full_date('misc.submissionTracking.estimatedResultsFirstSubmitDate') }}
            as estimated_results_first_submitted_on,
        {{ full_date('misc.submissionTracking.firstMcpInfo.postDateStruct.date') }} as first_mcp_posted_on,
        misc.submissionTracking.firstMcpInfo.postDateStruct.type as first_mcp_posted_on_type,
        {{ full_date('misc.versionHolder') }} as version_holder_date

    from records

),

final as (

    select
        * exclude (overall_status),
        {{ partial_date('start_date') }},
        {{ partial_date('primary_completion_date') }},
        {{ partial_date('completion_date') }},
        {{ partial_date('status_verified_date') }},
        {{ unknown_due_on('overall_status', 'status_verified_date_last_day', 'completion_date_last_day') }}
            as unknown_due_on,
        -- a year after primary completion, three years where a certificate delays it, whatever law applies
        coalesce(primary_completion_date_last_day, completion_date_last_day)
        + if(disposition_first_submitted_on is null, interval 1 year, interval 3 years) as results_awaited_by

    from given

)

select * from final
