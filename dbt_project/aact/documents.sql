select
    aact.row_id('documents', links.nct_id, links.link_number) as id,
    links.nct_id,
    links.shared_data_id as document_id,
    links.shared_data_type as document_type,
    links.url,
    links.shared_data_comment as comment

from marts.fct_trial_links as links
semi join marts.dim_trials as trials on links.nct_id = trials.nct_id and trials.is_in_registry
where links.link_kind = 'SHARED_DATA'
