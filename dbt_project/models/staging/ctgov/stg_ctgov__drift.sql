with

drift as (

    select * from {{ source('raw', 'raw_ctgov__drift') }}

),

final as (

    select
        snapshot_date,
        kind as drift_kind,
        path,
        value as code,
        records_count,
        example_nct_id

    from drift

)

select * from final
