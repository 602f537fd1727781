-- Question 9: Which trials cut their enrolment target by a fifth or more and were terminated later?
--
-- A row is one trial whose target our snapshots saw cut, and whose termination they saw on the same day or
-- later. Set was_terminated_only to false for all that cut.
-- It does not say what happened before our first snapshot, nor that the one led to the other.
--
-- Columns:
--   nct_id             VARCHAR  trial
--   first_cut_on       DATE     first snapshot with a target lower by a fifth or more
--   target_before      BIGINT   target before that cut
--   target_after       BIGINT   target after the last such cut
--   cuts_count         BIGINT   how many such cuts
--   terminated_on      DATE     first snapshot since that shows the trial terminated; NULL: none
--   days_between       BIGINT   days from the first cut to the termination
--   why_stopped        VARCHAR  reason given for it
--   lead_sponsor_name  VARCHAR  lead sponsor
--   brief_title        VARCHAR  short title

with

parameters as (

    select true as was_terminated_only

),

cuts as (

    select
        nct_id,
        snapshot_date,
        cast(split_part(before_value, ' ', 1) as bigint) as target_before,
        cast(split_part(after_value, ' ', 1) as bigint) as target_after

    from marts.fct_trial_events
    where event_type = 'ENROLL_TARGET_CHANGED'

),

trials_that_cut as (

    select
        nct_id,
        min(snapshot_date) as first_cut_on,
        arg_min(target_before, snapshot_date) as target_before,
        arg_max(target_after, snapshot_date) as target_after,
        count(*) as cuts_count

    from cuts
    where target_after < target_before
    group by nct_id

),

terminations as (

    select
        events.nct_id,
        min(events.snapshot_date) as terminated_on,
        arg_min_null(events.why_stopped, events.snapshot_date) as why_stopped

    from marts.fct_trial_events as events
    inner join trials_that_cut
        on
            events.nct_id = trials_that_cut.nct_id
            and events.snapshot_date >= trials_that_cut.first_cut_on
    where events.event_type = 'STATUS_TERMINATED'
    group by events.nct_id

),

final as (

    select
        trials_that_cut.nct_id,
        trials_that_cut.first_cut_on,
        trials_that_cut.target_before,
        trials_that_cut.target_after,
        trials_that_cut.cuts_count,
        terminations.terminated_on,
        terminations.terminated_on - trials_that_cut.first_cut_on as days_between,
        terminations.why_stopped,
        trials.lead_sponsor_name,
        trials.brief_title

    from trials_that_cut
    inner join marts.dim_trials as trials on trials_that_cut.nct_id = trials.nct_id
    cross join parameters
    left join terminations on trials_that_cut.nct_id = terminations.nct_id
    where terminations.terminated_on is not null or not parameters.was_terminated_only

)

select * from final
order by terminated_on desc nulls last, nct_id asc
