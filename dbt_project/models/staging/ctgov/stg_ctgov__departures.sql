with

departures as (

    select * from {{ source('raw', 'raw_ctgov__departures') }}

),

final as (

    select
        nct_id,
        absent_on,
        departure_type,
        merged_into_nct_id

    from departures

)

select * from final
