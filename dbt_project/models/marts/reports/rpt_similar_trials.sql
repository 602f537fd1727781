{#-
    The nearest other trials of each trial (docs/decisions/0008), in words.
-#}
with

trials as (

    select * from {{ ref('int_trials_weighed') }}

),

pairs as (

    select * from {{ ref('int_trials_paired') }}

),

features as (

    select * from {{ ref('int_features_weighed') }}

),

statuses as (

    select * from {{ ref('ctgov_overall_statuses') }}

),

features_of_trials as (

    select
        trial_number,
        unnest(feature_numbers) as feature_number

    from trials

),

described as (

    select
        features_of_trials.trial_number,
        list_sort(list(struct_pack(
            number := features.feature_number,
            reason := features.kind || ': ' || features.feature
        ))) as features

    from features_of_trials
    inner join features on features_of_trials.feature_number = features.feature_number
    group by features_of_trials.trial_number

),

reasons as (

    select
        trial_number,
        list_transform(features, lambda feature: feature.reason) as reasons

    from described

),

final as (

    select
        one.nct_id,
        pairs.similar_rank,
        other.nct_id as similar_nct_id,
        pairs.score,
        list_where(
            reasons.reasons,
            list_transform(one.feature_numbers, lambda feature: list_contains(other.feature_numbers, feature))
        ) as reasons,
        other.overall_status as similar_overall_status,
        coalesce(statuses.is_stopped, false) as is_similar_stopped

    from pairs
    inner join trials as one on pairs.trial_number = one.trial_number
    inner join reasons on pairs.trial_number = reasons.trial_number
    inner join trials as other on pairs.similar_number = other.trial_number
    left join statuses on other.overall_status = statuses.code

)

select * from final
