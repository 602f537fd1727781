with

versions as (

    select * from {{ source('raw', 'raw_ctgov__versions') }}

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
    cross join unnest(versions.protocolSection.armsInterventionsModule.interventions) with ordinality as item(intervention, position)

)

select * from final
