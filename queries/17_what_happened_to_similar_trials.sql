-- Question 17: Trials like NCT07146087: what happened to them?
--
-- A row is one of the ten trials most like the one asked for, the most similar first.
-- It does not say what happened before our first snapshot, beyond what the newest version of a record
-- tells: its status, the reason for a stop, its completion and its results. How similarity is found:
-- docs/decisions/0008.
--
-- Columns:
--   similar_rank          BIGINT     1 for the most similar
--   similar_nct_id        VARCHAR    the similar trial
--   score                 DOUBLE     how similar, 0 to 1
--   reasons               VARCHAR[]  what both have, heaviest first
--   brief_title           VARCHAR    its short title
--   phase_label           VARCHAR    its phases in plain words
--   overall_status        VARCHAR    its status
--   why_stopped           VARCHAR    reason given for a stop
--   completion_date_text  VARCHAR    its completion as given
--   completion_date_type  VARCHAR    ACTUAL or ESTIMATED
--   results_status        VARCHAR    where its results stand, see marts.dim_trials
--   statuses_seen         VARCHAR[]  statuses in the order in which our snapshots saw them

with

parameters as (

    select 'NCT07146087' as nct_id

),

similar_trials as (

    select
        near.similar_rank,
        near.similar_nct_id,
        near.score,
        near.reasons

    from marts.rpt_similar_trials as near
    inner join parameters on near.nct_id = parameters.nct_id

),

histories as (

    select
        nct_id,
        list(status order by status_number) as statuses_seen

    from marts.fct_status_history
    where nct_id in (select similar_nct_id from similar_trials)
    group by nct_id

),

final as (

    select
        similar_trials.similar_rank,
        similar_trials.similar_nct_id,
        similar_trials.score,
        similar_trials.reasons,
        trials.brief_title,
        trials.phase_label,
        trials.overall_status,
        trials.why_stopped,
        trials.completion_date_text,
        trials.completion_date_type,
        trials.results_status,
        histories.statuses_seen

    from similar_trials
    inner join marts.dim_trials as trials on similar_trials.similar_nct_id = trials.nct_id
    left join histories on similar_trials.similar_nct_id = histories.nct_id

)

select * from final
order by similar_rank
