{#-
    What a trial is about. A condition and an intervention together are a feature too: each may be common where both
    are not. A trial's rows follow from its own record alone; what others share is counted in int_features_weighed.
-#}
with

changed as (

    select nct_id from {{ ref('int_records_current') }}

),

trials as (

    select
        nct_id,
        concat_ws(' ', brief_title, official_title, array_to_string(keywords, ' ')) as words

    from {{ ref('trials_as_recorded') }}
    where {{ in_batch() }} and nct_id in (from changed)

),

conditions as (

    select distinct
        nct_id,
        'condition' as kind,
        {{ normalised_name('condition_name') }} as feature

    from {{ ref('fct_trial_conditions') }}
    where condition_name is not null and {{ in_batch() }} and nct_id in (from changed)

),

interventions as (

    select distinct
        nct_id,
        'intervention' as kind,
        {{ normalised_name('intervention_name') }} as feature

    from {{ ref('fct_trial_interventions') }}
    where intervention_name is not null and {{ in_batch() }} and nct_id in (from changed)

),

mesh_terms as (

    select distinct
        nct_id,
        lower(subject) || ' MeSH ' || lower(relation) as kind,
        mesh_term as feature

    from {{ ref('fct_trial_mesh_terms') }}
    where
        relation in ('TERM', 'ANCESTOR')
        and mesh_id is not null
        and {{ in_batch() }}
        and nct_id in (from changed)

),

words as (

    select
        nct_id,
        'word' as kind,
        unnest(list_distinct(regexp_extract_all(lower(nfc_normalize(words)), '[\p{L}\d]{4,}'))) as feature

    from trials

),

pairs_of_names as (

    select
        conditions.nct_id,
        'condition with intervention' as kind,
        conditions.feature || ' + ' || interventions.feature as feature

    from conditions
    inner join interventions on conditions.nct_id = interventions.nct_id

),

pairs_of_mesh_terms as (

    select
        conditions.nct_id,
        'condition MeSH term with intervention MeSH term' as kind,
        conditions.feature || ' + ' || interventions.feature as feature

    from mesh_terms as conditions
    inner join mesh_terms as interventions on conditions.nct_id = interventions.nct_id
    where conditions.kind = 'condition MeSH term' and interventions.kind = 'intervention MeSH term'

),

final as (

    select * from conditions
    union all
    select * from interventions
    union all
    select * from mesh_terms
    union all
    select * from words
    union all
    select * from pairs_of_names
    union all
    select * from pairs_of_mesh_terms

)

select * from final
