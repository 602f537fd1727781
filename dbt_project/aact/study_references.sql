select
    aact.row_id('study_references', publications.nct_id, publications.reference_number) as id,
    publications.nct_id,
    publications.pmid,
    publications.reference_type,
    publications.citation

from marts.fct_trial_references as publications
semi join marts.dim_trials as trials on publications.nct_id = trials.nct_id and trials.is_in_registry
