{#-
    A feature that few trials share tells more: its weight is the share of its kind times the square of
    ln(trials / trials with it), as a whole number so that sums never depend on order. Numbered from the heaviest on,
    so that everything after can compare numbers where it would compare weights and texts.
-#}
{% set most_trials_sharing = 300 %}
with

features as (

    select * from {{ ref('trial_features') }}

),

trials as (

    select count(*) as trials_count from {{ ref('dim_trials') }}

),

counted as (

    select
        kind,
        feature,
        count(*) as trials_with_it

    from features
    group by kind, feature
    having trials_with_it between 2 and {{ most_trials_sharing }}

),

weighed as (

    select
        counted.kind,
        counted.feature,
        counted.trials_with_it,
        ln(trials.trials_count / counted.trials_with_it) as rarity,
        if(counted.kind = 'word' or counted.kind like '% ancestor', 1, 3) as kind_weight,
        cast(round(1000 * kind_weight * pow(rarity, 2)) as bigint) as weight

    from counted
    cross join trials

),

final as (

    select
        cast(row_number() over (order by weight desc, kind asc, feature asc) as integer) as feature_number,
        kind,
        feature,
        trials_with_it,
        weight

    from weighed

)

select * from final
