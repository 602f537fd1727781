with

snapshots as (

    select * from {{ ref('stg_ctgov__snapshots') }}

),

days as (

    select * from {{ ref('int_trial_days_compared') }}

),

seen as (

    select
        snapshot_date,
        count(*) as studies_count,
        count(*) filter (last_seen_date is null) as new_count,
        count(*) filter (
            last_seen_date is distinct from previous_snapshot_date and last_seen_date is not null
        )
            as returned_count,
        count(*) filter (last_seen_date = previous_snapshot_date and content_hash <> last_seen_content_hash)
            as changed_count,
        count(*) filter (
            last_seen_date = previous_snapshot_date
            and content_hash <> last_seen_content_hash
            and last_update_posted_on is not distinct from last_seen_posted_on
        ) as silent_changed_count

    from days
    group by snapshot_date

),

vanished as (

    select
        next_snapshot_date as snapshot_date,
        count(*) as vanished_count

    from days
    where next_snapshot_date is not null and next_seen_date is distinct from next_snapshot_date
    group by next_snapshot_date

),

final as (

    select
        snapshots.snapshot_date,
        snapshots.data_timestamp,
        snapshots.previous_snapshot_date,
        snapshots.sync_mode,
        snapshots.total_count,
        seen.studies_count,
        snapshots.read_count,
        seen.new_count,
        seen.returned_count,
        seen.changed_count,
        seen.silent_changed_count,
        coalesce(vanished.vanished_count, 0) as vanished_count,
        snapshots.quarantined_count,
        snapshots.artefact_count,
        snapshots.reread_count

    from snapshots
    inner join seen on snapshots.snapshot_date = seen.snapshot_date
    left join vanished on snapshots.snapshot_date = vanished.snapshot_date

)

select * from final
