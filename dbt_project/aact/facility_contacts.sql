-- Persons of a site whom facility_investigators does not hold; the first of them is the primary contact.
with

contacts as (

    select
        listed.*,
        row_number() over (partition by listed.nct_id, listed.site_number order by listed.contact_number)
            as contact_position

    from personal.fct_trial_contacts as listed
    semi join marts.dim_trials as trials on listed.nct_id = trials.nct_id and trials.is_in_registry
    where
        listed.contact_kind = 'SITE'
        and not coalesce(regexp_matches(listed.contact_role, 'investigator|study.chair', 'i'), false)

),

final as (

    select
        aact.row_id('facility_contacts', nct_id, site_number || '/' || contact_number) as id,
        nct_id,
        aact.row_id('facilities', nct_id, site_number) as facility_id,
        case contact_position when 1 then 'primary' else 'backup' end as contact_type,
        contact_name as name,
        email,
        phone,
        phone_extension

    from contacts

)

select * from final
