with

trials as (

    select * from {{ ref('int_trials_located_in_time') }}

),

conditions as (

    select * from {{ ref('stg_ctgov__conditions') }}

),

final as (

    select
        conditions.nct_id,
        conditions.condition_number,
        case
            when conditions.condition_name is not null
                then {{ surrogate_key([normalised_name('conditions.condition_name')]) }}
        end as condition_key,
        conditions.condition_name

    from conditions
    inner join trials
        on
            conditions.nct_id = trials.nct_id
            and conditions.content_hash = trials.content_hash

)

select * from final
