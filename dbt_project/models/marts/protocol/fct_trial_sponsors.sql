with

records as (

    select
        nct_id,
        sponsor_collaborators_module.leadSponsor as lead_sponsor,
        sponsor_collaborators_module.collaborators as collaborators

    from {{ ref('int_records_current') }}

),

lead_sponsors as (

    select
        nct_id,
        lead_sponsor as sponsor,
        cast(0 as bigint) as sponsor_number,
        'lead' as sponsor_role

    from records
    where lead_sponsor is not null

),

listed_collaborators as (

    select
        nct_id,
        unnest(collaborators) as sponsor,
        generate_subscripts(collaborators, 1) as sponsor_number,
        'collaborator' as sponsor_role

    from records

),

sponsors as (

    select * from lead_sponsors
    union all
    select * from listed_collaborators

),

final as (

    select
        nct_id,
        sponsor_number,
        case
            when sponsor.name is not null
                then {{ surrogate_key([normalised_name('sponsor.name')]) }}
        end as sponsor_key,
        sponsor_role,
        sponsor.name as sponsor_name,
        sponsor.class as sponsor_class

    from sponsors

)

select * from final
