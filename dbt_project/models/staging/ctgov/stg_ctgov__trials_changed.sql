with

trials as (

    select * from {{ source('raw', 'raw_ctgov__trials_changed') }}

),

final as (

    select
        nct_id,
        content_hash

    from trials

)

select * from final
