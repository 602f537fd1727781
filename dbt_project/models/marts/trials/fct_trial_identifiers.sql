with

records as (

    select
        nct_id,
        identification_module.orgStudyIdInfo as org_study_id,
        identification_module.secondaryIdInfos as secondary_ids,
        identification_module.nctIdAliases as aliases

    from {{ ref('int_records_current') }}

),

org_study_ids as (

    select
        nct_id,
        'ORG_STUDY_ID' as identifier_source,
        cast(1 as bigint) as identifier_number,
        org_study_id.id as identifier,
        org_study_id.type as identifier_type,
        cast(null as varchar) as identifier_domain,
        org_study_id.link as identifier_url

    from records
    where coalesce(org_study_id.id, org_study_id.type, org_study_id.link) is not null

),

listed_secondary_ids as (

    select
        nct_id,
        unnest(secondary_ids) as secondary_id,
        generate_subscripts(secondary_ids, 1) as identifier_number

    from records

),

secondary_ids as (

    select
        nct_id,
        'SECONDARY_ID' as identifier_source,
        identifier_number,
        secondary_id.id as identifier,
        secondary_id.type as identifier_type,
        secondary_id.domain as identifier_domain,
        secondary_id.link as identifier_url

    from listed_secondary_ids

),

aliases as (

    select
        nct_id,
        'NCT_ALIAS' as identifier_source,
        generate_subscripts(aliases, 1) as identifier_number,
        unnest(aliases) as identifier,
        cast(null as varchar) as identifier_type,
        cast(null as varchar) as identifier_domain,
        cast(null as varchar) as identifier_url

    from records

),

final as (

    select * from org_study_ids
    union all
    select * from secondary_ids
    union all
    select * from aliases

)

select * from final
