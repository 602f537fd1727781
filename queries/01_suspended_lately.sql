-- Question 1: Which trials moved to SUSPENDED in the last 7 days in my area, and why?
--
-- A row is one move to SUSPENDED that our snapshots saw. The 7 days end with the newest snapshot, not with
-- today.
-- It does not say which trials were suspended before our first snapshot, nor the day of the suspension
-- itself: the record changed between observed_after and observed_at.
--
-- Columns:
--   nct_id             VARCHAR    trial
--   seen_on            DATE       snapshot that first shows it suspended
--   why_stopped        VARCHAR    reason in the sponsor's words; NULL: none given
--   status_before      VARCHAR    status until then
--   status_now         VARCHAR    status in the newest version; it may have moved on
--   brief_title        VARCHAR    short title
--   conditions         VARCHAR[]  conditions in the registry's words
--   phase_label        VARCHAR    phases in plain words
--   lead_sponsor_name  VARCHAR    lead sponsor
--   observed_after     TIMESTAMP  registry's clock, UTC, at the last snapshot without the change
--   observed_at        TIMESTAMP  the same at the first snapshot with it

with

parameters as (

    select
        7 as days_back,
        '%' as area  -- a condition, or a MeSH term or one above it, in any case: '%sclerosis%', 'neoplasms'

),

newest_snapshot as (

    select max(snapshot_date) as snapshot_date from marts.dim_snapshots

),

events as materialized (

    select events.*
    from marts.fct_trial_events as events
    cross join newest_snapshot
    cross join parameters
    where
        events.event_type = 'STATUS_SUSPENDED'
        and events.snapshot_date > newest_snapshot.snapshot_date - parameters.days_back

),

area_names as (

    select
        nct_id,
        condition_name as area_name

    from marts.fct_trial_conditions
    where nct_id in (select nct_id from events)
    union all
    select
        nct_id,
        mesh_term as area_name

    from marts.fct_trial_mesh_terms
    where subject = 'CONDITION' and nct_id in (select nct_id from events)

),

trials_in_area as (

    select nct_id from events
    cross join parameters
    where parameters.area = '%'
    union all
    select area_names.nct_id
    from area_names
    cross join parameters
    where area_names.area_name ilike parameters.area

),

final as (

    select
        events.nct_id,
        events.snapshot_date as seen_on,
        events.why_stopped,
        events.before_value as status_before,
        trials.overall_status as status_now,
        trials.brief_title,
        trials.conditions,
        trials.phase_label,
        trials.lead_sponsor_name,
        events.observed_after,
        events.observed_at

    from events
    inner join marts.dim_trials as trials on events.nct_id = trials.nct_id
    semi join trials_in_area on events.nct_id = trials_in_area.nct_id

)

select * from final
order by seen_on desc, nct_id asc
