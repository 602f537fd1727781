with

listed as (

    select
        nct_id,
        unnest(arms_interventions_module.armGroups) as arm,
        generate_subscripts(arms_interventions_module.armGroups, 1) as arm_number

    from {{ ref('int_records_current') }}

),

links as (

    select
        nct_id,
        arm_number,
        list(intervention_number order by intervention_number) as intervention_numbers

    from {{ ref('int_arms_linked_to_interventions') }}
    where {{ in_batch() }}
    group by nct_id, arm_number

),

final as (

    select
        listed.nct_id,
        listed.arm_number,
        listed.arm.label as arm_label,
        listed.arm.type as arm_type,
        listed.arm.description as arm_description,
        listed.arm.interventionNames as intervention_names,
        coalesce(links.intervention_numbers, []) as intervention_numbers

    from listed
    left join links
        on
            listed.nct_id = links.nct_id
            and listed.arm_number = links.arm_number

)

select * from final
