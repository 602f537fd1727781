with

quarantine as (

    select * from {{ source('raw', 'raw_ctgov__quarantine') }}

),

final as (

    select
        snapshot_date,
        raw_line,
        nct_id,
        reason,
        content_hash

    from quarantine

)

select * from final
