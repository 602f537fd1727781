-- Question 4: What did the record of a trial say on a day, and what did we know that day? The status, of
-- the two.
--
-- A row is one trial that we knew on that day, with the status that the newest snapshot up to then shows.
-- That is both what the registry said at that snapshot and what we knew.
-- It does not say anything before our first snapshot. Other fields as they were are not in this file: the
-- lake keeps every version, and `trialhouse receipt NCT...` gives the bytes of each.
--
-- Columns:
--   nct_id             VARCHAR  trial
--   known_on           DATE     the day asked for
--   status             VARCHAR  overall status then
--   status_from        DATE     first snapshot with it
--   is_start_observed  BOOLEAN  whether we saw it change to that; else it is older than status_from
--   days_in_status     BIGINT   days from status_from to the day asked for
--   status_now         VARCHAR  overall status in the newest version

with

parameters as (

    select
        '%' as nct_id,  -- one trial: 'NCT07146087'
        cast(null as date) as known_on  -- a day: date '2026-03-01'; null is the newest snapshot's

),

newest_snapshot as (

    select max(snapshot_date) as snapshot_date from marts.dim_snapshots

),

asked as (

    select
        parameters.nct_id,
        coalesce(parameters.known_on, newest_snapshot.snapshot_date) as known_on

    from parameters
    cross join newest_snapshot

),

final as (

    select
        stretches.nct_id,
        asked.known_on,
        stretches.status,
        stretches.status_from,
        stretches.is_start_observed,
        asked.known_on - stretches.status_from as days_in_status,
        trials.overall_status as status_now

    from marts.fct_status_history as stretches
    inner join marts.dim_trials as trials on stretches.nct_id = trials.nct_id
    cross join asked
    where
        stretches.nct_id like asked.nct_id
        and stretches.status_from <= asked.known_on
        and (stretches.status_to is null or stretches.status_to > asked.known_on)

)

select * from final
order by nct_id
