with

listed as (

    select
        nct_id,
        unnest(arms_interventions_module.interventions) as intervention,
        generate_subscripts(arms_interventions_module.interventions, 1) as intervention_number

    from {{ ref('int_records_current') }}

),

links as (

    select
        nct_id,
        intervention_number,
        list(arm_number order by arm_number) as arm_numbers

    from {{ ref('int_arms_linked_to_interventions') }}
    where {{ in_batch() }}
    group by nct_id, intervention_number

),

final as (

    select
        listed.nct_id,
        listed.intervention_number,
        case
            when listed.intervention.name is not null
                then {{ surrogate_key([
                    'listed.intervention.type',
                    normalised_name('listed.intervention.name'),
                ]) }}
        end as intervention_key,
        listed.intervention.type as intervention_type,
        listed.intervention.name as intervention_name,
        listed.intervention.description as intervention_description,
        listed.intervention.otherNames as other_names,
        listed.intervention.armGroupLabels as arm_labels,
        coalesce(links.arm_numbers, []) as arm_numbers

    from listed
    left join links
        on
            listed.nct_id = links.nct_id
            and listed.intervention_number = links.intervention_number

)

select * from final
