select
    aact.row_id('conditions', conditions.nct_id, conditions.condition_number) as id,
    conditions.nct_id,
    conditions.condition_name as name,
    aact.downcase(conditions.condition_name) as downcase_name

from marts.fct_trial_conditions as conditions
semi join marts.dim_trials as trials on conditions.nct_id = trials.nct_id and trials.is_in_registry
