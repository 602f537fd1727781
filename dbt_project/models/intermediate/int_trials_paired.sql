{#-
    The nearest other trials of each trial, by number (docs/decisions/0008): the cosine of their heaviest features,
    plus a little for a shared phase. Its own model, because pairing takes what memory there is.
-#}
{% set neighbours_kept = 10 %}
{% set phase_bonus = 0.02 %}
{% set least_cosine = 0.05 %}
{# Score and neighbour as one number that sorts by both: millionths times this, less the neighbour's. #}
{% set most_trials = 1000000000 %}
with

trials as (

    select * from {{ ref('int_trials_weighed') }}

),

features as (

    select * from {{ ref('int_features_weighed') }}

),

features_of_trials as (

    select
        trial_number,
        unnest(feature_numbers) as feature_number

    from trials

),

compared as (

    select
        features_of_trials.trial_number,
        features.feature_number,
        features.weight

    from features_of_trials
    inner join features on features_of_trials.feature_number = features.feature_number

),

sharers as (

    select
        any_value(weight) as weight,
        list(trial_number order by trial_number) as trial_numbers

    from compared
    group by feature_number
    having count(*) > 1

),

{# Features that the very same trials share count as one, which leaves far fewer pairs. #}
groups_of_sharers as (

    select
        row_number() over () as group_number,
        trial_numbers,
        cast(sum(weight) as bigint) as weight

    from sharers
    group by trial_numbers

),

{# In the order of trials: the pairs of one trial summed one after the other cost a good deal less. #}
members as (

    select
        unnest(trial_numbers) as trial_number,
        generate_subscripts(trial_numbers, 1) as place,
        group_number

    from groups_of_sharers
    order by trial_number

),

meetings as (

    select
        members.trial_number,
        unnest(met.trial_numbers[members.place + 1:]) as other_number,
        met.weight

    from members
    inner join groups_of_sharers as met on members.group_number = met.group_number

),

pairs as (

    select
        trial_number,
        other_number,
        sum(cast(weight as double)) as shared_weight

    from meetings
    where trial_number < other_number
    group by trial_number, other_number

),

scored as (

    select
        pairs.trial_number,
        pairs.other_number,
        pairs.shared_weight / (one.norm * other.norm) as cosine,
        if(one.phase_bits & other.phase_bits <> 0, {{ phase_bonus }}, 0) as bonus,
        cast(least(round((cosine + bonus) * 1000000), 1000000) as bigint) as millionths

    from pairs
    inner join trials as one on pairs.trial_number = one.trial_number
    inner join trials as other on pairs.other_number = other.trial_number
    where cosine >= {{ least_cosine }}

),

nearest as (

    select
        if(ways.is_back, other_number, trial_number) as trial_number,
        max(
            {{ most_trials }} * millionths - if(ways.is_back, trial_number, other_number),
            {{ neighbours_kept }}
        ) as neighbours

    from scored
    cross join (values (false), (true)) as ways (is_back)
    group by all

),

final as (

    select
        trial_number,
        generate_subscripts(neighbours, 1) as similar_rank,
        unnest(neighbours) as neighbour,
        (neighbour + {{ most_trials }} - 1) // {{ most_trials }} as millionths,
        cast({{ most_trials }} * millionths - neighbour as integer) as similar_number,
        millionths / 1000000 as score

    from nearest

)

select * from final
