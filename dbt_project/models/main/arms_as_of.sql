select
    nct_id,
    arm_number,
    arm.label as arm_label,
    arm.type as arm_type,
    arm.description as arm_description,
    arm.interventionNames as intervention_names,
    content_hash

from (
    select
        trials.nct_id,
        trials.content_hash,
        unnest(lists.arms) as arm,
        generate_subscripts(lists.arms, 1) as arm_number

    from {{ ref('trials_as_of').include(database=false) }}(day, known_at) as trials
    inner join {{ ref('trial_lists').include(database=false) }} as lists
        on trials.nct_id = lists.nct_id and trials.content_hash = lists.content_hash
)
