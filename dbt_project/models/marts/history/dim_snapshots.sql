with

snapshots as (

    select * from {{ ref('stg_ctgov__snapshots') }}

),

stretches as (

    select * from {{ ref('int_trial_stretches') }}

),

begun as (

    select
        snapshot_date,
        count(*) as begun_count,
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

    from stretches
    group by snapshot_date

),

ended as (

    select
        next_snapshot_date as snapshot_date,
        count(*) as ended_count,
        count(*) filter (next_seen_date is distinct from next_snapshot_date) as vanished_count

    from stretches
    where next_snapshot_date is not null
    group by next_snapshot_date

),

final as (

    select
        snapshots.snapshot_date,
        snapshots.data_timestamp,
        snapshots.landed_at,
        snapshots.known_from,
        snapshots.previous_snapshot_date,
        snapshots.sync_mode,
        snapshots.total_count,
        cast(sum(coalesce(begun.begun_count, 0) - coalesce(ended.ended_count, 0)) over (
            order by snapshots.snapshot_date
        ) as bigint) as studies_count,
        snapshots.read_count,
        coalesce(begun.new_count, 0) as new_count,
        coalesce(begun.returned_count, 0) as returned_count,
        coalesce(begun.changed_count, 0) as changed_count,
        coalesce(begun.silent_changed_count, 0) as silent_changed_count,
        coalesce(ended.vanished_count, 0) as vanished_count,
        snapshots.quarantined_count,
        snapshots.artefact_count,
        snapshots.reread_count

    from snapshots
    left join begun on snapshots.snapshot_date = begun.snapshot_date
    left join ended on snapshots.snapshot_date = ended.snapshot_date

)

select * from final
