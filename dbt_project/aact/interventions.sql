select
    aact.row_id('interventions', interventions.nct_id, interventions.intervention_number) as id,
    interventions.nct_id,
    interventions.intervention_type,
    interventions.intervention_name as name,
    interventions.intervention_description as description

from marts.fct_trial_interventions as interventions
semi join marts.dim_trials as trials on interventions.nct_id = trials.nct_id and trials.is_in_registry
