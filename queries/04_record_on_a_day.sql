-- Question 4: What did the record of a trial say on a day, and what did we know of that day at a time?
--
-- A row is one trial that the registry listed on that day. By default by everything known now; with known_at
-- by what this warehouse knew then, which history that arrived later does not change. trials_as_of gives
-- all columns of which these are a few.
-- It does not say which trials were listed before our first snapshot: there it knows those whose history was
-- read. Longer texts as they were are not in this file: the lake keeps every version, and
-- `trialhouse receipt NCT...` gives the bytes of each.
--
-- Columns:
--   nct_id                        VARCHAR  trial
--   as_of                         DATE     the day asked for
--   overall_status                VARCHAR  status then
--   why_stopped                   VARCHAR  reason given then
--   enrollment_count              BIGINT   participants, planned or actual, then
--   primary_completion_date_text  VARCHAR  primary completion as given then
--   lead_sponsor_name             VARCHAR  lead sponsor then
--   source                        VARCHAR  SNAPSHOTS, ours, or HISTORY, the registry's past versions
--   clock                         VARCHAR  what dated_on is: OBSERVED, POSTED or SUBMITTED
--   dated_on                      DATE     first day of that content by its clock
--   status_now                    VARCHAR  overall status in the newest version

with

parameters as (

    select
        '%' as nct_id,  -- one trial: 'NCT07146087'
        cast(null as date) as as_of,  -- a day: date '2026-03-01'; null is the newest snapshot's
        timestamp 'infinity' as known_at  -- a time, UTC: timestamp '2026-03-01 12:00'

),

newest_snapshot as (

    select max(snapshot_date) as snapshot_date from marts.dim_snapshots

),

asked as (

    select
        parameters.nct_id,
        parameters.known_at,
        coalesce(parameters.as_of, newest_snapshot.snapshot_date) as as_of

    from parameters
    cross join newest_snapshot

),

final as (

    select
        trials_then.nct_id,
        asked.as_of,
        trials_then.overall_status,
        trials_then.why_stopped,
        trials_then.enrollment_count,
        trials_then.primary_completion_date_text,
        trials_then.lead_sponsor_name,
        trials_then.source,
        trials_then.clock,
        trials_then.dated_on,
        trials.overall_status as status_now

    from
        trials_as_of(
            (select one.as_of from asked as one), (select one.known_at from asked as one)
        ) as trials_then
    inner join marts.dim_trials as trials on trials_then.nct_id = trials.nct_id
    cross join asked
    where trials_then.nct_id like asked.nct_id

)

select * from final
order by nct_id
