{#-
    One row an arm and an intervention that one of them names. An intervention names arms by label; an arm names
    interventions as "Type: name", matched whole because names hold colons too. Eight doses of one drug share one name:
    what an arm names so counts only if one intervention has that name, or if that intervention names no arm.
-#}
with

records as (

    select * from {{ ref('int_records_current') }}

),

arms as (

    select
        nct_id,
        unnest(list_transform(
            arms_interventions_module.armGroups,
            lambda arm: { 'label': arm.label, 'names': arm.interventionNames }
        )) as arm,
        generate_subscripts(arms_interventions_module.armGroups, 1) as arm_number

    from records

),

listed_interventions as (

    select
        nct_id,
        unnest(list_transform(
            arms_interventions_module.interventions,
            lambda item: { 'type': item.type, 'name': item.name, 'arm_labels': item.armGroupLabels }
        )) as intervention,
        generate_subscripts(arms_interventions_module.interventions, 1) as intervention_number

    from records

),

type_labels as (

    select * from {{ ref('ctgov_labels') }}
    where code_list = 'intervention_type'

),

interventions as (

    select
        listed_interventions.*,
        type_labels.label || ': ' || listed_interventions.intervention.name as name_used_by_arms,
        count(*) over (partition by listed_interventions.nct_id, name_used_by_arms) = 1
        or coalesce(len(listed_interventions.intervention.arm_labels), 0) = 0 as is_name_enough

    from listed_interventions
    left join type_labels on listed_interventions.intervention.type = type_labels.code

),

final as (

    select
        arms.nct_id,
        arms.arm_number,
        interventions.intervention_number,
        coalesce(list_contains(interventions.intervention.arm_labels, arms.arm.label), false)
            as is_named_by_intervention,
        interventions.is_name_enough
        and coalesce(list_contains(arms.arm.names, interventions.name_used_by_arms), false)
            as is_named_by_arm

    from arms
    inner join interventions on arms.nct_id = interventions.nct_id
    where is_named_by_intervention or is_named_by_arm

)

select * from final
