select
    aact.row_id('overall_officials', contacts.nct_id, contacts.contact_number) as id,
    contacts.nct_id,
    contacts.contact_role as role,
    contacts.contact_name as name,
    contacts.affiliation

from personal.fct_trial_contacts as contacts
semi join marts.dim_trials as trials on contacts.nct_id = trials.nct_id and trials.is_in_registry
where contacts.contact_kind = 'OFFICIAL'
