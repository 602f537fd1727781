with

snapshots as (

    select * from {{ source('raw', 'raw_ctgov__snapshots') }}

),

releases as (

    select
        snapshot_date,
        max(released_at) as released_at

    from {{ source('raw', 'raw_ctgov__gate_releases') }}
    group by snapshot_date

),

final as (

    select
        snapshots.snapshot_date,
        snapshots.data_timestamp,
        snapshots.landed_at,
        greatest(snapshots.landed_at, releases.released_at) as known_from,
        snapshots.sync_mode,
        snapshots.total_count,
        snapshots.studies_count,
        snapshots.read_count,
        snapshots.quarantined_count,
        snapshots.artefact_count,
        snapshots.reread_count,
        lag(snapshots.snapshot_date) over by_date as previous_snapshot_date,
        lag(snapshots.data_timestamp) over by_date as previous_data_timestamp,
        lead(snapshots.snapshot_date) over by_date as next_snapshot_date,
        lead(snapshots.data_timestamp) over by_date as next_data_timestamp

    from snapshots
    left join releases on snapshots.snapshot_date = releases.snapshot_date
    window by_date as (order by snapshots.snapshot_date)

)

select * from final
