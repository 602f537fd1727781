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

final as (

    select
        trials.unknown_due_on,
        trials.nct_id,
        trials.overall_status,
        trials.status_verified_date_text,
        trials.completion_date_text,
        trials.lead_sponsor_name,
        trials.brief_title

    from marts.dim_trials as trials
    cross join newest_snapshot
    cross join parameters
    where
        trials.is_in_registry
        and trials.unknown_due_on between newest_snapshot.snapshot_date
        and newest_snapshot.snapshot_date + parameters.days_ahead

)

select * from final
order by unknown_due_on, nct_id
