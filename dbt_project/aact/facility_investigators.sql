select
    aact.row_id(
        'facility_investigators', contacts.nct_id, contacts.site_number || '/' || contacts.contact_number
    ) as id,
    contacts.nct_id,
    aact.row_id('facilities', contacts.nct_id, contacts.site_number) as facility_id,
    contacts.contact_role as role,
    contacts.contact_name as name

from personal.fct_trial_contacts as contacts
semi join marts.dim_trials as trials on contacts.nct_id = trials.nct_id and trials.is_in_registry
where
    contacts.contact_kind = 'SITE'
    and regexp_matches(contacts.contact_role, 'investigator|study.chair', 'i')
