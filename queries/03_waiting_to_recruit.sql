-- Question 3: How long do trials of sponsor X sit in NOT_YET_RECRUITING, compared with its peers?
--
-- A row is one lead sponsor; its peers are all lead sponsors of its class, itself among them. A wait runs
-- from the day the registry first posted the record to the first day of another status; one still running is
-- counted up to the newest snapshot that lists the trial.
-- It does not say how long trials waited that had left this status before our first snapshot: of the past
-- only the waits that our snapshots saw end are known, and those running are not over. Compare sponsors,
-- not days.
--
-- Columns:
--   lead_sponsor_name        VARCHAR  sponsor, its most used spelling
--   lead_sponsor_class       VARCHAR  class that goes with it, such as INDUSTRY
--   waits_count              BIGINT   trials that wait or that we saw waiting
--   running_count            BIGINT   of these, still waiting
--   median_days              DOUBLE   middle length of these waits so far
--   median_ended_days        DOUBLE   the same of those that ended; NULL without any
--   peers_waits_count        BIGINT   waits_count of the class
--   peers_median_days        DOUBLE   median_days of the class
--   peers_median_ended_days  DOUBLE   median_ended_days of the class

with

parameters as (

    select
        '%' as sponsor,  -- a sponsor's name in any case, % for any words: 'novartis%'
        1 as least_waits  -- sponsors with fewer are left out

),

waits as (

    select
        trials.lead_sponsor_key,
        sponsors.sponsor_name as lead_sponsor_name,
        sponsors.sponsor_class as lead_sponsor_class,
        stretches.is_current as is_running,
        coalesce(stretches.status_to, trials.last_snapshot_date) - trials.first_posted_on as days

    from marts.fct_status_history as stretches
    inner join marts.dim_trials as trials on stretches.nct_id = trials.nct_id
    inner join marts.dim_sponsors as sponsors on trials.lead_sponsor_key = sponsors.sponsor_key
    where
        stretches.status = 'NOT_YET_RECRUITING'
        and stretches.status_number = 1
        and stretches.last_seen_date is not null  -- history also tells of waits before our first snapshot
        and trials.first_posted_on is not null

),

classes as (

    select
        lead_sponsor_class,
        count(*) as peers_waits_count,
        median(days) as peers_median_days,
        median(days) filter (not is_running) as peers_median_ended_days

    from waits
    group by lead_sponsor_class

),

sponsors as (

    select
        lead_sponsor_key,
        lead_sponsor_name,
        lead_sponsor_class,
        count(*) as waits_count,
        count(*) filter (is_running) as running_count,
        median(days) as median_days,
        median(days) filter (not is_running) as median_ended_days

    from waits
    group by all

),

final as (

    select
        sponsors.lead_sponsor_name,
        sponsors.lead_sponsor_class,
        sponsors.waits_count,
        sponsors.running_count,
        sponsors.median_days,
        sponsors.median_ended_days,
        classes.peers_waits_count,
        classes.peers_median_days,
        classes.peers_median_ended_days

    from sponsors
    inner join classes on sponsors.lead_sponsor_class is not distinct from classes.lead_sponsor_class
    cross join parameters
    where
        sponsors.lead_sponsor_name ilike parameters.sponsor
        and sponsors.waits_count >= parameters.least_waits

)

select * from final
order by waits_count desc, lead_sponsor_name asc
