with

versions as (

    select
        nct_id,
        content_hash,
        protocolSection.conditionsModule.conditions as items

    from {{ source('raw', 'raw_ctgov__versions') }}

),

final as (

    select
        versions.nct_id,
        versions.content_hash,
        item.position as condition_number,
        item.condition as condition_name

    from versions
    cross join unnest(versions.items) with ordinality as item (condition, position)

)

select * from final
