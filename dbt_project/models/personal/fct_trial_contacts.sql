{#- Persons, apart from everything else: whoever may not hold personal data drops this schema. -#}
with

records as (

    select
        nct_id,
        contacts_locations_module as contacts,
        more_info_module.pointOfContact as point_of_contact

    from {{ ref('int_records_current') }}

),

central_contacts as (

    select
        nct_id,
        unnest(contacts.centralContacts) as person,
        generate_subscripts(contacts.centralContacts, 1) as contact_number

    from records

),

officials as (

    select
        nct_id,
        unnest(contacts.overallOfficials) as official,
        generate_subscripts(contacts.overallOfficials, 1) as contact_number

    from records

),

sites as (

    select
        nct_id,
        unnest(contacts.locations).contacts as persons,
        generate_subscripts(contacts.locations, 1) as site_number

    from records

),

site_contacts as (

    select
        nct_id,
        site_number,
        unnest(persons) as person,
        generate_subscripts(persons, 1) as contact_number

    from sites

),

final as (

    select
        nct_id,
        'CENTRAL' as contact_kind,
        cast(0 as bigint) as site_number,
        contact_number,
        person.name as contact_name,
        person.role as contact_role,
        cast(null as varchar) as affiliation,
        person.phone as phone,
        person.phoneExt as phone_extension,
        person.email as email

    from central_contacts
    union all
    select
        nct_id,
        'SITE' as contact_kind,
        site_number,
        contact_number,
        person.name as contact_name,
        person.role as contact_role,
        cast(null as varchar) as affiliation,
        person.phone as phone,
        person.phoneExt as phone_extension,
        person.email as email

    from site_contacts
    union all
    select
        nct_id,
        'OFFICIAL' as contact_kind,
        cast(0 as bigint) as site_number,
        contact_number,
        official.name as contact_name,
        official.role as contact_role,
        official.affiliation as affiliation,
        cast(null as varchar) as phone,
        cast(null as varchar) as phone_extension,
        cast(null as varchar) as email

    from officials
    union all
    select
        nct_id,
        'RESULTS' as contact_kind,
        cast(0 as bigint) as site_number,
        cast(1 as bigint) as contact_number,
        point_of_contact.title as contact_name,
        cast(null as varchar) as contact_role,
        point_of_contact.organization as affiliation,
        point_of_contact.phone as phone,
        point_of_contact.phoneExt as phone_extension,
        point_of_contact.email as email

    from records
    where point_of_contact is not null

)

select * from final
