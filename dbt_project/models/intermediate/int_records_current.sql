{#- The newest record of each trial ever seen: where every mart about what a record says begins. -#}
with

trials as (

    select * from {{ ref('int_trials_located_in_time') }}

),

records as (

    select * from {{ ref('stg_ctgov__records') }}

),

final as (

    select records.*
    from records
    semi join trials
        on
            records.nct_id = trials.nct_id
            and records.content_hash = trials.content_hash

)

select * from final
