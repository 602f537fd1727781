select
    aact.row_id('links', links.nct_id, links.link_number) as id,
    links.nct_id,
    links.url,
    links.link_label as description

from marts.fct_trial_links as links
semi join marts.dim_trials as trials on links.nct_id = trials.nct_id and trials.is_in_registry
where links.link_kind = 'SEE_ALSO'
