select
    aact.row_id('detailed_descriptions', nct_id, 1) as id,
    nct_id,
    detailed_description as description

from marts.dim_trials
where is_in_registry and detailed_description is not null
