-- Question 18: How many arms and participants per arm are typical for phase-1 sequential designs?
--
-- A row is one kind of enrolment, planned (ESTIMATED) or enrolled (ACTUAL); the typical trial is the middle
-- one, and half of the trials lie between the two quartiles.
-- It does not say how many participants each single arm has, which a protocol does not give: participants
-- per arm are those of the trial, divided by its arms. Trials without arms or without a number of
-- participants are left out.
--
-- Columns:
--   enrollment_type                      VARCHAR  ACTUAL or ESTIMATED; NULL: not said
--   trials_count                         BIGINT   trials
--   arms_lower_quartile                  DOUBLE   a quarter of the trials have at most so many arms
--   arms_median                          DOUBLE   arms of the middle trial
--   arms_upper_quartile                  DOUBLE   three quarters have at most so many
--   participants_per_arm_lower_quartile  DOUBLE   the same of participants an arm
--   participants_per_arm_median          DOUBLE   the same
--   participants_per_arm_upper_quartile  DOUBLE   the same

with

parameters as (

    select
        ['PHASE1'] as phases,  -- all phases of a trial: ['PHASE1', 'PHASE2'] is a trial of both
        'SEQUENTIAL' as intervention_model

),

trials as (

    select
        trials.enrollment_type,
        trials.arms_count,
        trials.enrollment_count / trials.arms_count as participants_per_arm

    from marts.dim_trials as trials
    cross join parameters
    where
        trials.phases = parameters.phases
        and trials.intervention_model = parameters.intervention_model
        and trials.arms_count > 0
        and trials.enrollment_count is not null

),

final as (

    select
        enrollment_type,
        count(*) as trials_count,
        quantile_cont(arms_count, 0.25) as arms_lower_quartile,
        quantile_cont(arms_count, 0.5) as arms_median,
        quantile_cont(arms_count, 0.75) as arms_upper_quartile,
        quantile_cont(participants_per_arm, 0.25) as participants_per_arm_lower_quartile,
        quantile_cont(participants_per_arm, 0.5) as participants_per_arm_median,
        quantile_cont(participants_per_arm, 0.75) as participants_per_arm_upper_quartile

    from trials
    group by enrollment_type

)

select * from final
order by trials_count desc, enrollment_type asc
