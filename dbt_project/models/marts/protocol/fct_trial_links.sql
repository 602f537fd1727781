with

records as (

    select
        nct_id,
        references_module.seeAlsoLinks as links,
        references_module.availIpds as shared_data

    from {{ ref('int_records_current') }}

),

listed_links as (

    select
        nct_id,
        unnest(links) as link,
        generate_subscripts(links, 1) as link_number

    from records

),

listed_shared_data as (

    select
        nct_id,
        unnest(shared_data) as shared,
        generate_subscripts(shared_data, 1) as link_number

    from records

),

final as (

    select
        nct_id,
        'SEE_ALSO' as link_kind,
        link_number,
        link.url as url,
        link.label as link_label,
        cast(null as varchar) as shared_data_id,
        cast(null as varchar) as shared_data_type,
        cast(null as varchar) as shared_data_comment

    from listed_links
    union all
    select
        nct_id,
        'SHARED_DATA' as link_kind,
        link_number,
        shared.url as url,
        cast(null as varchar) as link_label,
        shared.id as shared_data_id,
        shared.type as shared_data_type,
        shared.comment as shared_data_comment

    from listed_shared_data

)

select * from final
