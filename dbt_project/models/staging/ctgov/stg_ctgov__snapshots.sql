with

snapshots as (

    select * from {{ source('raw', 'raw_ctgov__snapshots') }}

),

final as (

    select
        snapshot_date,
        data_timestamp,
        landed_at,
        sync_mode,
        total_count,
        studies_count,
        read_count,
        quarantined_count,
        artefact_count,
        reread_count,
        lag(snapshot_date) over by_date as previous_snapshot_date,
        lag(data_timestamp) over by_date as previous_data_timestamp,
        lead(snapshot_date) over by_date as next_snapshot_date,
        lead(data_timestamp) over by_date as next_data_timestamp

    from snapshots
    window by_date as (order by snapshot_date)

)

select * from final
