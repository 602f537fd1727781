select
    aact.row_id('sponsors', sponsors.nct_id, sponsors.sponsor_number) as id,
    sponsors.nct_id,
    sponsors.sponsor_class as agency_class,
    sponsors.sponsor_role as lead_or_collaborator,
    sponsors.sponsor_name as name

from marts.fct_trial_sponsors as sponsors
semi join marts.dim_trials as trials on sponsors.nct_id = trials.nct_id and trials.is_in_registry
