with

versions as (

    select
        nct_id,
        content_hash,
        protocolSection.sponsorCollaboratorsModule.leadSponsor as lead_sponsor,
        protocolSection.sponsorCollaboratorsModule.collaborators as items

    from {{ source('raw', 'raw_ctgov__versions') }}

),

lead_sponsors as (

    select
        nct_id,
        content_hash,
        cast(0 as bigint) as sponsor_number,
        'lead' as sponsor_role,
        lead_sponsor.name as sponsor_name,
        lead_sponsor.class as sponsor_class

    from versions
    where lead_sponsor.name is not null

),

collaborators as (

    select
        versions.nct_id,
        versions.content_hash,
        item.position as sponsor_number,
        'collaborator' as sponsor_role,
        item.collaborator.name as sponsor_name,
        item.collaborator.class as sponsor_class

    from versions
    cross join
        unnest(versions.items)
        with ordinality as item (collaborator, position)

),

final as (

    select * from lead_sponsors
    union all
    select * from collaborators

)

select * from final
