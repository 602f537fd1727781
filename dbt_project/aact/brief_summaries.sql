select
    aact.row_id('brief_summaries', nct_id, 1) as id,
    nct_id,
    brief_summary as description

from marts.dim_trials
where is_in_registry and brief_summary is not null
