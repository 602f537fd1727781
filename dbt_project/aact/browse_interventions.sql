select
    aact.row_id('browse_interventions', terms.nct_id, terms.relation || '/' || terms.term_number) as id,
    terms.nct_id,
    terms.mesh_term,
    aact.downcase(terms.mesh_term) as downcase_mesh_term,
    case terms.relation when 'TERM' then 'mesh-list' else 'mesh-ancestor' end as mesh_type

from marts.fct_trial_mesh_terms as terms
semi join marts.dim_trials as trials on terms.nct_id = trials.nct_id and trials.is_in_registry
where terms.subject = 'INTERVENTION' and terms.relation in ('TERM', 'ANCESTOR')
