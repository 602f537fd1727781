select
    aact.row_id('countries', countries.nct_id, countries.country || '/' || countries.is_removed) as id,
    countries.nct_id,
    countries.country as name,
    countries.is_removed as removed

from marts.fct_trial_countries as countries
semi join marts.dim_trials as trials on countries.nct_id = trials.nct_id and trials.is_in_registry
