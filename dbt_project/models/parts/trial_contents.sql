{#- What every version of a trial says once, but for its longer texts; a version never changes. -#}
with

changed as (

    select * from {{ ref('stg_ctgov__versions_changed') }}
    where {{ in_batch() }}

),

described as (

    select * from {{ ref('int_trials_described') }}

),

dated as (

    select * from {{ ref('int_trials_dated') }}

),

final as (

    select
        described.* exclude (
            responsible_party_name,
            responsible_party_title,
            responsible_party_affiliation,
            responsible_party_old_name_title,
            responsible_party_old_organization,
            brief_summary,
            detailed_description,
            intervention_model_description,
            masking_description,
            biospecimen_description,
            eligibility_criteria,
            gender_description,
            study_population,
            ipd_sharing_description,
            ipd_time_frame,
            ipd_access_criteria
        ),
        dated.* exclude (nct_id, content_hash, results_awaited_by)

    from changed
    inner join described
        on
            changed.nct_id = described.nct_id
            and changed.content_hash = described.content_hash
    inner join dated
        on
            changed.nct_id = dated.nct_id
            and changed.content_hash = dated.content_hash

)

select * from final
