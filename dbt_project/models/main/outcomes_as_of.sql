with

listed as (

    select
        trials.nct_id,
        trials.content_hash,
        lists.primary_outcomes,
        lists.secondary_outcomes,
        lists.other_outcomes

    from {{ ref('trials_as_of').include(database=false) }}(day, known_at) as trials
    inner join {{ ref('trial_lists').include(database=false) }} as lists
        on trials.nct_id = lists.nct_id and trials.content_hash = lists.content_hash

),

outcomes as (

    select
        nct_id,
        content_hash,
        'PRIMARY' as outcome_type,
        unnest(primary_outcomes) as outcome,
        generate_subscripts(primary_outcomes, 1) as outcome_number

    from listed
    union all
    select
        nct_id,
        content_hash,
        'SECONDARY' as outcome_type,
        unnest(secondary_outcomes) as outcome,
        generate_subscripts(secondary_outcomes, 1) as outcome_number

    from listed
    union all
    select
        nct_id,
        content_hash,
        'OTHER' as outcome_type,
        unnest(other_outcomes) as outcome,
        generate_subscripts(other_outcomes, 1) as outcome_number

    from listed

)

select
    nct_id,
    outcome_type,
    outcome_number,
    outcome.measure as measure,
    outcome.description as outcome_description,
    outcome.timeFrame as time_frame,
    content_hash

from outcomes
