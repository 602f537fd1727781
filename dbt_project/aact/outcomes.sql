select
    aact.row_id('outcomes', outcomes.nct_id, outcomes.outcome_number) as id,
    outcomes.nct_id,
    outcomes.outcome_type,
    outcomes.outcome_title as title,
    outcomes.outcome_description as description,
    outcomes.time_frame,
    outcomes.population_description as population,
    outcomes.anticipated_posting_date,
    outcomes.anticipated_posting_date_text as anticipated_posting_month_year,
    outcomes.unit_of_measure as units,
    outcomes.units_analyzed,
    outcomes.dispersion_type,
    outcomes.parameter_type as param_type

from marts.fct_result_outcomes as outcomes
semi join marts.dim_trials as trials on outcomes.nct_id = trials.nct_id and trials.is_in_registry
