with

trials as (

    select * from {{ ref('int_trials_located_in_time') }}

),

sponsors as (

    select * from {{ ref('stg_ctgov__sponsors') }}

),

final as (

    select
        sponsors.nct_id,
        sponsors.sponsor_number,
        case
            when sponsors.sponsor_name is not null
                then {{ surrogate_key([normalised_name('sponsors.sponsor_name')]) }}
        end as sponsor_key,
        sponsors.sponsor_role,
        sponsors.sponsor_name,
        sponsors.sponsor_class

    from sponsors
    inner join trials
        on
            sponsors.nct_id = trials.nct_id
            and sponsors.content_hash = trials.content_hash

)

select * from final
