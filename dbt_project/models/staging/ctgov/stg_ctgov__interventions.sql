with

versions as (

    select
        nct_id,
        content_hash,
        protocolSection.armsInterventionsModule.interventions as items

    from {{ source('raw', 'raw_ctgov__versions') }}

),

final as (

    select
        versions.nct_id,
        versions.content_hash,
        item.position as intervention_number,
        item.intervention.type as intervention_type,
        item.intervention.name as intervention_name,
        item.intervention.description as intervention_description,
        item.intervention.otherNames as other_names,
        item.intervention.armGroupLabels as arm_labels

    from versions
    cross join unnest(versions.items) with ordinality as item (intervention, position)

)

select * from final
