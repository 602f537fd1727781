{#- Which version of a trial is its newest, and between which days the registry listed it. -#}
with

stretches as (

    select * from {{ ref('int_trial_stretches') }}

),

final as (

    select
        nct_id,
        arg_max(content_hash, snapshot_date) as content_hash,
        count(distinct content_hash) as versions_count,
        min(snapshot_date) as first_snapshot_date,
        max(last_listed_date) as last_snapshot_date,
        bool_or(next_snapshot_date is null) as is_in_registry

    from stretches
    group by nct_id

)

select * from final
