{#-
    What a trial is about, as weighted features: a feature that few trials share tells more. A condition and an
    intervention together are one too: each may be common where both are not. Weight is the share of
    its kind times the square of ln(trials / trials with it), as a whole number so that sums never depend on order.
-#}
with

trials as (

    select
        nct_id,
        concat_ws(
            ' ',
            identification_module.briefTitle,
            identification_module.officialTitle,
            array_to_string(conditions_module.keywords, ' ')
        ) as words

    from {{ ref('int_records_current') }}

),

mesh_terms as (

    select * from {{ ref('fct_trial_mesh_terms') }}
    where relation in ('TERM', 'ANCESTOR') and mesh_id is not null

),

simple as (

    select
        nct_id,
        'condition' as kind,
        3 as kind_weight,
        {{ normalised_name('condition_name') }} as feature

    from {{ ref('fct_trial_conditions') }}
    where condition_name is not null
    union
    select
        nct_id,
        'intervention' as kind,
        3 as kind_weight,
        {{ normalised_name('intervention_name') }} as feature

    from {{ ref('fct_trial_interventions') }}
    where intervention_name is not null
    union
    select
        nct_id,
        lower(subject) || ' MeSH ' || lower(relation) as kind,
        if(relation = 'TERM', 3, 1) as kind_weight,
        mesh_term as feature

    from mesh_terms
    union
    select
        nct_id,
        'word' as kind,
        1 as kind_weight,
        unnest(list_distinct(regexp_extract_all(lower(nfc_normalize(words)), '[\p{L}\d]{4,}'))) as feature

    from trials

),

pairs as (

    select
        conditions.nct_id,
        conditions.kind || ' with ' || interventions.kind as kind,
        3 as kind_weight,
        conditions.feature || ' + ' || interventions.feature as feature

    from simple as conditions
    inner join simple as interventions on conditions.nct_id = interventions.nct_id
    where
        (conditions.kind = 'condition' and interventions.kind = 'intervention')
        or (conditions.kind = 'condition MeSH term' and interventions.kind = 'intervention MeSH term')

),

features as (

    select * from simple
    union all
    select * from pairs

),

counted as (

    select
        *,
        count(*) over (partition by kind, feature) as trials_with_it

    from features

),

final as (

    select
        nct_id,
        kind,
        feature,
        trials_with_it,
        cast(round(1000 * kind_weight * pow(ln((select count(*) from trials) / trials_with_it), 2)) as bigint)
            as weight

    from counted

)

select * from final
