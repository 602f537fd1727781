with

releases as (

    select * from {{ ref('stg_ctgov__gate_releases') }}

),

final as (

    select
        snapshot_date,
        release_number,
        rule,
        reason,
        person,
        released_at

    from releases

)

select * from final
