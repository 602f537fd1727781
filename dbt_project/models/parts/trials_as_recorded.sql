{#- What the newest record of a trial says once; the half of dim_trials that only a new record changes. -#}
with

records as (

    select
        nct_id,
        content_hash

    from {{ ref('int_records_current') }}

),

described as (

    select * from {{ ref('int_trials_described') }}

),

dated as (

    select * from {{ ref('int_trials_dated') }}

),

results as (

    select * from {{ ref('int_trials_with_results_described') }}

),

final as (

    select
        case
            when described.lead_sponsor_name is not null
                then {{ surrogate_key([normalised_name('described.lead_sponsor_name')]) }}
        end as lead_sponsor_key,
        'https://clinicaltrials.gov/study/' || described.nct_id as registry_url,
        {{ label_of('status', 'described.overall_status', 'mapped.labels') }} as overall_status_label,
        {{ label_of('status', 'described.overall_status') }} as overall_status_plain_label,
        nullif(array_to_string({{ labels_of('phase', 'described.phases', 'mapped.labels') }}, '/'), '')
            as phase_label,
        described.*,
        dated.* exclude (nct_id, content_hash),
        results.* exclude (nct_id)

    from records
    inner join described
        on
            records.nct_id = described.nct_id
            and records.content_hash = described.content_hash
    inner join dated
        on
            records.nct_id = dated.nct_id
            and records.content_hash = dated.content_hash
    inner join results on records.nct_id = results.nct_id
    cross join {{ ref('rpt_code_words') }} as mapped

)

select * from final
