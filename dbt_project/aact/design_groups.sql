select
    aact.row_id('design_groups', arms.nct_id, arms.arm_number) as id,
    arms.nct_id,
    arms.arm_type as group_type,
    arms.arm_label as title,
    arms.arm_description as description

from marts.fct_trial_arms as arms
semi join marts.dim_trials as trials on arms.nct_id = trials.nct_id and trials.is_in_registry
