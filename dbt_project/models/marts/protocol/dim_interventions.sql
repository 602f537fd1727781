with

uses as (

    select * from {{ ref('fct_trial_interventions') }}
    where intervention_key is not null

),

spellings as (

    select
        intervention_key,
        intervention_type,
        intervention_name,
        count(*) as uses_count

    from uses
    group by all

),

most_used as (

    select * from spellings
    qualify
        row_number() over (
            partition by intervention_key
            order by uses_count desc, intervention_type asc, intervention_name asc
        ) = 1

),

summed as (

    select
        intervention_key,
        list_sort(list(distinct intervention_name)) as name_spellings,
        count(distinct nct_id) as trials_count

    from uses
    group by intervention_key

),

final as (

    select
        most_used.intervention_key,
        most_used.intervention_type,
        most_used.intervention_name,
        summed.name_spellings,
        summed.trials_count

    from most_used
    inner join summed on most_used.intervention_key = summed.intervention_key

)

select * from final
