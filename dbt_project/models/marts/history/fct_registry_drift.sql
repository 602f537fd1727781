with

drift as (

    select * from {{ ref('stg_ctgov__drift') }}

),

final as (

    select
        snapshot_date,
        drift_kind,
        path,
        code,
        records_count,
        example_nct_id,
        snapshot_date = min(snapshot_date) over (partition by drift_kind, path, code) as is_first_sight

    from drift

)

select * from final
