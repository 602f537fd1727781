select
    aact.row_id('result_contacts', contacts.nct_id, contacts.contact_number) as id,
    contacts.nct_id,
    contacts.affiliation as organization,
    contacts.contact_name as name,
    contacts.phone,
    contacts.email,
    contacts.phone_extension as extension

from personal.fct_trial_contacts as contacts
semi join marts.dim_trials as trials on contacts.nct_id = trials.nct_id and trials.is_in_registry
where contacts.contact_kind = 'RESULTS'
