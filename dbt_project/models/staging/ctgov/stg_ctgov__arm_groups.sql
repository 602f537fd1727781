with

versions as (

    select
        nct_id,
        content_hash,
        protocolSection.armsInterventionsModule.armGroups as items

    from {{ source('raw', 'raw_ctgov__versions') }}

),

final as (

    select
        versions.nct_id,
        versions.content_hash,
        item.position as arm_number,
        item.arm.label as arm_label,
        item.arm.type as arm_type,
        item.arm.description as arm_description,
        item.arm.interventionNames as intervention_names

    from versions
    cross join unnest(versions.items) with ordinality as item (arm, position)

)

select * from final
