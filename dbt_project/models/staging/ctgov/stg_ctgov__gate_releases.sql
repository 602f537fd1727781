with

releases as (

    select * from {{ source('raw', 'raw_ctgov__gate_releases') }}

),

final as (

    select
        snapshot_date,
        row_number() over (partition by snapshot_date order by released_at, rule) as release_number,
        rule,
        reason,
        person,
        released_at

    from releases

)

select * from final
