select
    aact.row_id(
        'design_outcomes', outcomes.nct_id, outcomes.outcome_type || '/' || outcomes.outcome_number
    ) as id,
    outcomes.nct_id,
    lower(outcomes.outcome_type) as outcome_type,
    outcomes.measure,
    outcomes.time_frame,
    cast(null as varchar) as population,
    outcomes.outcome_description as description

from marts.fct_planned_outcomes as outcomes
semi join marts.dim_trials as trials on outcomes.nct_id = trials.nct_id and trials.is_in_registry
