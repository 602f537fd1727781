with

versions as (

    select * from {{ source('raw', 'raw_ctgov__versions_changed') }}

),

final as (

    select
        nct_id,
        content_hash

    from versions
    where not is_gone

)

select * from final
