-- Question 20: How fresh and complete are the data, and what changed last night?
--
-- A row is one landed day, the newest first: how much of the registry it holds and what changed since the
-- day before.
-- It does not say how the pipeline itself ran: gates, held days and alerts are with `trialhouse status`.
-- The first landed day has every trial as new and no events.
--
-- Columns:
--   snapshot_date         DATE       the registry's data date
--   data_timestamp        TIMESTAMP  the registry's data timestamp, UTC
--   days_since_previous   BIGINT     days since the landed day before; more than 1: days are missing
--   registry_count        BIGINT     records that the registry itself counts
--   studies_count         BIGINT     records in this file's snapshot
--   missing_count         BIGINT     records that the registry counts and this file has not
--   new_count             BIGINT     trials never seen before
--   changed_count         BIGINT     trials whose content differs from the day before
--   silent_changed_count  BIGINT     of these, trials whose post date did not move
--   vanished_count        BIGINT     trials of the day before that are absent
--   quarantined_count     BIGINT     records that could not be loaded
--   urgent_events_count   BIGINT     events to be told at once, of severity P1
--   events_count          BIGINT     events of every kind
--   unknown_fields_count  BIGINT     fields and codes first met that day that this warehouse does not know

with

parameters as (

    select 14 as days_shown

),

events as (

    select
        snapshot_date,
        count(*) as events_count,
        count(*) filter (severity = 'P1') as urgent_events_count

    from marts.fct_trial_events
    group by snapshot_date

),

drift as (

    select
        snapshot_date,
        count(*) as unknown_fields_count

    from marts.fct_registry_drift
    where is_first_sight
    group by snapshot_date

),

final as (

    select
        snapshots.snapshot_date,
        snapshots.data_timestamp,
        snapshots.snapshot_date - snapshots.previous_snapshot_date as days_since_previous,
        snapshots.total_count as registry_count,
        snapshots.studies_count,
        snapshots.total_count - snapshots.studies_count as missing_count,
        snapshots.new_count,
        snapshots.changed_count,
        snapshots.silent_changed_count,
        snapshots.vanished_count,
        snapshots.quarantined_count,
        coalesce(events.urgent_events_count, 0) as urgent_events_count,
        coalesce(events.events_count, 0) as events_count,
        coalesce(drift.unknown_fields_count, 0) as unknown_fields_count

    from marts.dim_snapshots as snapshots
    left join events on snapshots.snapshot_date = events.snapshot_date
    left join drift on snapshots.snapshot_date = drift.snapshot_date
    cross join parameters
    qualify row_number() over (order by snapshots.snapshot_date desc) <= parameters.days_shown

)

select * from final
order by snapshot_date desc
