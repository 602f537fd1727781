{#-
    One row an arm and an intervention that one of them names. An intervention names arms by label; an arm names
    interventions as "Type: name", matched whole because names hold colons too.
-#}
with

arms as (

    select * from {{ ref('stg_ctgov__arm_groups') }}

),

interventions as (

    select
        interventions.*,
        type_labels.label || ': ' || interventions.intervention_name as name_used_by_arms

    from {{ ref('stg_ctgov__interventions') }} as interventions
    left join {{ ref('ctgov_intervention_types') }} as type_labels
        on interventions.intervention_type = type_labels.code

),

final as (

    select
        arms.nct_id,
        arms.content_hash,
        arms.arm_number,
        interventions.intervention_number,
        coalesce(list_contains(interventions.arm_labels, arms.arm_label), false) as is_named_by_intervention,
        coalesce(list_contains(arms.intervention_names, interventions.name_used_by_arms), false)
            as is_named_by_arm

    from arms
    inner join interventions
        on
            arms.nct_id = interventions.nct_id
            and arms.content_hash = interventions.content_hash
    where is_named_by_intervention or is_named_by_arm

)

select * from final
