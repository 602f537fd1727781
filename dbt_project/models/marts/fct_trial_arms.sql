with

trials as (

    select * from {{ ref('int_trials_located_in_time') }}

),

arms as (

    select * from {{ ref('stg_ctgov__arm_groups') }}

),

links as (

    select
        nct_id,
        content_hash,
        arm_number,
        list(intervention_number order by intervention_number) as intervention_numbers

    from {{ ref('int_arms_linked_to_interventions') }}
    group by nct_id, content_hash, arm_number

),

final as (

    select
        arms.nct_id,
        arms.arm_number,
        arms.arm_label,
        arms.arm_type,
        arms.arm_description,
        arms.intervention_names,
        coalesce(links.intervention_numbers, []) as intervention_numbers

    from arms
    inner join trials
        on
            arms.nct_id = trials.nct_id
            and arms.content_hash = trials.content_hash
    left join links
        on
            arms.nct_id = links.nct_id
            and arms.content_hash = links.content_hash
            and arms.arm_number = links.arm_number

)

select * from final
