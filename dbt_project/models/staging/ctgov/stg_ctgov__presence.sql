with

presence as (

    select * from {{ source('raw', 'raw_ctgov__presence') }}

),

final as (

    select
        nct_id,
        snapshot_date,
        content_hash,
        read_on

    from presence

)

select * from final
