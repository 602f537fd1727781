with

trials as (

    select * from {{ ref('int_trials_located_in_time') }}

),

interventions as (

    select * from {{ ref('stg_ctgov__interventions') }}

),

links as (

    select
        nct_id,
        content_hash,
        intervention_number,
        list(arm_number order by arm_number) as arm_numbers

    from {{ ref('int_arms_linked_to_interventions') }}
    group by nct_id, content_hash, intervention_number

),

final as (

    select
        interventions.nct_id,
        interventions.intervention_number,
        case
            when interventions.intervention_name is not null
                then {{ surrogate_key([
                    'interventions.intervention_type',
                    normalised_name('interventions.intervention_name'),
                ]) }}
        end as intervention_key,
        interventions.intervention_type,
        interventions.intervention_name,
        interventions.intervention_description,
        interventions.other_names,
        interventions.arm_labels,
        coalesce(links.arm_numbers, []) as arm_numbers

    from interventions
    inner join trials
        on
            interventions.nct_id = trials.nct_id
            and interventions.content_hash = trials.content_hash
    left join links
        on
            interventions.nct_id = links.nct_id
            and interventions.content_hash = links.content_hash
            and interventions.intervention_number = links.intervention_number

)

select * from final
