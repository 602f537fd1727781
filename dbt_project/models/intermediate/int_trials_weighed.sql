{#-
    What similar trials are found by: the ten heaviest features of a trial, their length as a vector, and its phases as
    one bit each. Trials are numbered in the order of their ids: numbers are cheap to pair by the million.
-#}
{% set features_compared = 10 %}
with

features as (

    select * from {{ ref('trial_features') }}

),

weighed as (

    select * from {{ ref('int_features_weighed') }}

),

trials as (

    select
        nct_id,
        overall_status,
        phases

    from {{ ref('dim_trials') }}

),

phases_listed as (

    select
        nct_id,
        unnest(phases) as phase

    from trials

),

phases as (

    select
        phase,
        cast(1 as bigint) << (row_number() over (order by phase) - 1) as phase_bit

    from phases_listed
    group by phase

),

phases_of_trials as (

    select
        phases_listed.nct_id,
        bit_or(phases.phase_bit) as phase_bits

    from phases_listed
    inner join phases on phases_listed.phase = phases.phase
    group by phases_listed.nct_id

),

heaviest as (

    select
        features.nct_id,
        min(weighed.feature_number, {{ features_compared }}) as feature_numbers

    from features
    inner join weighed
        on
            features.kind = weighed.kind
            and features.feature = weighed.feature
    group by features.nct_id

),

compared as (

    select
        nct_id,
        unnest(feature_numbers) as feature_number

    from heaviest

),

norms as (

    select
        compared.nct_id,
        sqrt(sum(weighed.weight)) as norm

    from compared
    inner join weighed on compared.feature_number = weighed.feature_number
    group by compared.nct_id

),

final as (

    select
        cast(row_number() over (order by trials.nct_id) as integer) as trial_number,
        trials.nct_id,
        heaviest.feature_numbers,
        norms.norm,
        coalesce(phases_of_trials.phase_bits, 0) as phase_bits,
        trials.overall_status

    from trials
    inner join heaviest on trials.nct_id = heaviest.nct_id
    inner join norms on trials.nct_id = norms.nct_id
    left join phases_of_trials on trials.nct_id = phases_of_trials.nct_id

)

select * from final
