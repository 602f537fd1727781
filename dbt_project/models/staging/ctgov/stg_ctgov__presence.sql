{#- An id whose record never could be loaded has no content: it is in quarantine, not here. -#}
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
    where content_hash is not null

)

select * from final
