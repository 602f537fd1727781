with

changes as (

    select * from {{ source('raw', 'raw_ctgov__presence_changes') }}

),

final as (

    select
        nct_id,
        snapshot_date,
        content_hash

    from changes

)

select * from final
