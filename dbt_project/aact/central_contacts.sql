select
    aact.row_id('central_contacts', contacts.nct_id, contacts.contact_number) as id,
    contacts.nct_id,
    case contacts.contact_number when 1 then 'primary' else 'backup' end as contact_type,
    contacts.contact_name as name,
    contacts.phone,
    contacts.email,
    contacts.phone_extension,
    contacts.contact_role as role

from personal.fct_trial_contacts as contacts
semi join marts.dim_trials as trials on contacts.nct_id = trials.nct_id and trials.is_in_registry
where contacts.contact_kind = 'CENTRAL'
