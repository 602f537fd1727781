with

records as (

    select * from {{ source('raw', 'raw_ctgov__past_records') }}

),

final as (

    select {{ modules_of_record() }}
    from records

)

select * from final
