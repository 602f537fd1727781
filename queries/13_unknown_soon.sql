-- Question 13: Which open trials will flip to UNKNOWN in the next 90 days?
--
-- A row is one open trial that the registry will call UNKNOWN unless its sponsor verifies it before. The
-- registry does so when a recruiting, not yet recruiting or active trial was last verified two years ago
-- and its completion date, if it has one, is over. It is silent: no new version, no new post date. 90 days
-- from the newest snapshot on.
-- It does not say which sponsors will verify in time: most do. The registry's rule is ours to guess at the
-- day.
--
-- Columns:
--   unknown_due_on             DATE     last day on which the status can stand unverified
--   nct_id                     VARCHAR  trial
--   overall_status             VARCHAR  status now
--   status_verified_date_text  VARCHAR  when the sponsor last verified it, as given
--   completion_date_text       VARCHAR  completion as given
--   lead_sponsor_name          VARCHAR  lead sponsor
--   brief_title                VARCHAR  short title

with

parameters as (

    select 90 as days_ahead

),

newest_snapshot as (

    select max(snapshot_date) as snapshot_date from marts.dim_snapshots

),

open_trials as (

    select
        *,
        -- the later of the two, whichever the record has
        greatest(last_day(status_verified_date_last_day + interval 2 years), completion_date_last_day)
            as unknown_due_on

    from marts.dim_trials
    where
        overall_status in ('RECRUITING', 'NOT_YET_RECRUITING', 'ACTIVE_NOT_RECRUITING')
        and is_in_registry
        and status_verified_date is not null

),

final as (

    select
        open_trials.unknown_due_on,
        open_trials.nct_id,
        open_trials.overall_status,
        open_trials.status_verified_date_text,
        open_trials.completion_date_text,
        open_trials.lead_sponsor_name,
        open_trials.brief_title

    from open_trials
    cross join newest_snapshot
    cross join parameters
    where
        open_trials.unknown_due_on between newest_snapshot.snapshot_date
        and newest_snapshot.snapshot_date + parameters.days_ahead

)

select * from final
order by unknown_due_on, nct_id
