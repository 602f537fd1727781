select
    nct_id,
    intervention_number,
    intervention.type as intervention_type,
    intervention.name as intervention_name,
    intervention.description as intervention_description,
    intervention.otherNames as other_names,
    intervention.armGroupLabels as arm_labels,
    content_hash

from (
    select
        trials.nct_id,
        trials.content_hash,
        unnest(lists.interventions) as intervention,
        generate_subscripts(lists.interventions, 1) as intervention_number

    from {{ ref('trials_as_of').include(database=false) }}(day, known_at) as trials
    inner join {{ ref('trial_lists').include(database=false) }} as lists
        on trials.nct_id = lists.nct_id and trials.content_hash = lists.content_hash
)
