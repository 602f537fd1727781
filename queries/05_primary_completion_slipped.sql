-- Question 5: Which primary completion dates slipped, and how far since launch?
--
-- A row is one move of a planned primary completion to a day at least so many days later that our snapshots
-- saw in the days up to the newest one. Sum by sponsor what you need.
-- It does not say why, nor what was planned before the first version we know; where
-- is_registration_known is false, older slips are missing.
--
-- Columns:
--   nct_id                 VARCHAR    trial
--   seen_on                DATE       first snapshot that shows the later date
--   before_value           VARCHAR    date before, as the record gives it
--   after_value            VARCHAR    date after
--   days_moved             BIGINT     by how many days
--   days_since_launch      BIGINT     days from the plan at launch to the date after; NULL before launch
--   days_since_first       BIGINT     days from the first plan known to the date after
--   moves_count            BIGINT     how often the plan has moved until then
--   is_serial_slip         BOOLEAN    whether it is the third slip of 90 days or more
--   is_pre_deadline_move   BOOLEAN    whether results were due within 60 days or overdue
--   is_registration_known  BOOLEAN    whether the first plan known is that of the registration
--   phases                 VARCHAR[]  phase codes
--   lead_sponsor_name      VARCHAR    lead sponsor
--   brief_title            VARCHAR    short title

with

parameters as (

    select
        90 as days_shown,
        90 as days_moved_at_least,
        '%' as lead_sponsor_name  -- one sponsor: 'Pfizer'

),

newest_snapshot as (

    select max(snapshot_date) as snapshot_date from marts.dim_snapshots

),

final as (

    select
        events.nct_id,
        events.snapshot_date as seen_on,
        events.before_value,
        events.after_value,
        cast(events.details ->> '$.days_moved' as bigint) as days_moved,
        cast(events.details ->> '$.days_since_launch' as bigint) as days_since_launch,
        cast(events.details ->> '$.days_since_first' as bigint) as days_since_first,
        cast(events.details ->> '$.moves_count' as bigint) as moves_count,
        cast(events.details ->> '$.is_serial_slip' as boolean) as is_serial_slip,
        cast(events.details ->> '$.is_pre_deadline_move' as boolean) as is_pre_deadline_move,
        cast(events.details ->> '$.is_registration_known' as boolean) as is_registration_known,
        trials.phases,
        trials.lead_sponsor_name,
        trials.brief_title

    from marts.fct_trial_events as events
    inner join marts.dim_trials as trials on events.nct_id = trials.nct_id
    cross join newest_snapshot
    cross join parameters
    where
        events.event_type = 'PCD_MOVED'
        and (events.details ->> '$.change_type') = 'MOVED_LATER'
        and cast(events.details ->> '$.days_moved' as bigint) >= parameters.days_moved_at_least
        and events.snapshot_date > newest_snapshot.snapshot_date - parameters.days_shown
        and trials.lead_sponsor_name ilike parameters.lead_sponsor_name

)

select * from final
order by days_moved desc, nct_id asc, seen_on asc
