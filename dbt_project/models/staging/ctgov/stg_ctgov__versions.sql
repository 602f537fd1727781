{#- What the history of a trial is made of, of every content it ever had. -#}
with

records as (

    select
        nct_id,
        content_hash,
        protocolSection.identificationModule.nctIdAliases as nct_id_aliases,
        protocolSection.statusModule as status

    from {{ source('raw', 'raw_ctgov__versions') }}

),

final as (

    select
        nct_id,
        content_hash,
        nct_id_aliases,
        status.overallStatus as overall_status,
        status.whyStopped as why_stopped,
        {{ full_date('status.studyFirstPostDateStruct.date') }} as first_posted_on,
        {{ full_date('status.lastUpdateSubmitDate') }} as last_update_submitted_on,
        {{ full_date('status.lastUpdatePostDateStruct.date') }} as last_update_posted_on

    from records

)

select * from final
