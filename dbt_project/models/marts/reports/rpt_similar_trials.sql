{#-
    The nearest other trials of each trial. Compared are the ten heaviest features of a trial that at most 300 trials
    share (docs/decisions/0008): the cosine of those, plus a little for a shared phase.
-#}
{% set features_compared = 10 %}
{% set most_trials_sharing = 300 %}
{% set neighbours_kept = 10 %}
{% set phase_bonus = 0.02 %}
{% set least_cosine = 0.05 %}
with

features as (

    select * from {{ ref('int_trials_characterised') }}

),

trials as (

    select
        nct_id,
        overall_status,
        phases

    from {{ ref('dim_trials') }}

),

statuses as (

    select * from {{ ref('ctgov_overall_statuses') }}

),

compared as (

    select
        nct_id,
        kind,
        feature,
        weight

    from features
    where trials_with_it between 2 and {{ most_trials_sharing }}
    qualify
        row_number() over (partition by nct_id order by weight desc, kind asc, feature asc)
        <= {{ features_compared }}

),

norms as (

    select
        nct_id,
        sqrt(sum(weight)) as norm

    from compared
    group by nct_id

),

pairs as (

    select
        one.nct_id,
        other.nct_id as similar_nct_id,
        sum(one.weight) as shared_weight

    from compared as one
    inner join compared as other
        on
            one.kind = other.kind
            and one.feature = other.feature
            and one.nct_id <> other.nct_id
    group by one.nct_id, other.nct_id

),

scored as (

    select
        pairs.nct_id,
        pairs.similar_nct_id,
        others.overall_status as similar_overall_status,
        pairs.shared_weight / (one.norm * other.norm) as cosine,
        if(list_has_any(trials.phases, others.phases), {{ phase_bonus }}, 0) as bonus,
        least(round(cosine + bonus, 6), 1) as score

    from pairs
    inner join norms as one on pairs.nct_id = one.nct_id
    inner join norms as other on pairs.similar_nct_id = other.nct_id
    inner join trials on pairs.nct_id = trials.nct_id
    inner join trials as others on pairs.similar_nct_id = others.nct_id
    where cosine >= {{ least_cosine }}

),

nearest as (

    select
        *,
        row_number() over (partition by nct_id order by score desc, similar_nct_id asc) as similar_rank

    from scored
    qualify similar_rank <= {{ neighbours_kept }}

),

reasons as (

    select
        nearest.nct_id,
        nearest.similar_nct_id,
        list(one.kind || ': ' || one.feature order by one.weight desc, one.kind asc, one.feature asc)
            as reasons

    from nearest
    inner join compared as one on nearest.nct_id = one.nct_id
    semi join compared as other
        on
            nearest.similar_nct_id = other.nct_id
            and one.kind = other.kind
            and one.feature = other.feature
    group by nearest.nct_id, nearest.similar_nct_id

),

final as (

    select
        nearest.nct_id,
        nearest.similar_rank,
        nearest.similar_nct_id,
        nearest.score,
        reasons.reasons,
        nearest.similar_overall_status,
        coalesce(statuses.is_stopped, false) as is_similar_stopped

    from nearest
    inner join reasons
        on
            nearest.nct_id = reasons.nct_id
            and nearest.similar_nct_id = reasons.similar_nct_id
    left join statuses on nearest.similar_overall_status = statuses.code

)

select * from final
