with

versions as (

    select * from {{ source('raw', 'raw_ctgov__versions') }}

),

final as (

    select
        versions.nct_id,
        versions.content_hash,
        item.position as condition_number,
        item.condition as condition_name

    from versions
    cross join unnest(versions.protocolSection.conditionsModule.conditions) with ordinality as item(condition, position)

)

select * from final
