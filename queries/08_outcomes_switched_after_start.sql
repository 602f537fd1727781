-- Question 8: Which trials changed a primary outcome after start?
--
-- A row is one change of a primary outcome that our snapshots saw in a version submitted after the start
-- that the record gave before. Major: added, removed, replaced, demoted, promoted (Holst et al., PLOS
-- Medicine 2023).
-- It does not say whether a reworded outcome is another one: those are for a person to judge.
--
-- Columns:
--   nct_id               VARCHAR  trial
--   seen_on              DATE     first snapshot that shows the change
--   event_type           VARCHAR  what happened, one of event_types
--   is_major             BOOLEAN  whether an outcome came, went or changed its rank
--   is_after_completion  BOOLEAN  whether primary completion was past, too
--   needs_review         BOOLEAN  whether rules cannot tell a rewording from a replacement
--   before_value         VARCHAR  what the record said
--   after_value          VARCHAR  what it says
--   lead_sponsor_name    VARCHAR  lead sponsor
--   brief_title          VARCHAR  short title

with

parameters as (

    select
        365 as days_shown,
        '%' as lead_sponsor_name  -- one sponsor: 'Pfizer'

),

newest_snapshot as (

    select max(snapshot_date) as snapshot_date from marts.dim_snapshots

),

final as (

    select
        events.nct_id,
        events.snapshot_date as seen_on,
        events.event_type,
        cast(events.details ->> '$.is_major' as boolean) as is_major,
        cast(events.details ->> '$.is_after_completion' as boolean) as is_after_completion,
        cast(events.details ->> '$.needs_review' as boolean) as needs_review,
        events.before_value,
        events.after_value,
        trials.lead_sponsor_name,
        trials.brief_title

    from marts.fct_trial_events as events
    inner join marts.dim_trials as trials on events.nct_id = trials.nct_id
    cross join newest_snapshot
    cross join parameters
    where
        events.event_type like '%\_OUTCOME\_%' escape '\'
        and cast(events.details ->> '$.is_after_start' as boolean)
        and events.snapshot_date > newest_snapshot.snapshot_date - parameters.days_shown
        and trials.lead_sponsor_name ilike parameters.lead_sponsor_name

)

select * from final
order by seen_on desc, is_major desc, nct_id asc, event_type asc, before_value asc
