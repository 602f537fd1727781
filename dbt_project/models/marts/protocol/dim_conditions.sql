with

uses as (

    select * from {{ ref('fct_trial_conditions') }}
    where condition_key is not null

),

spellings as (

    select
        condition_key,
        condition_name,
        count(*) as uses_count

    from uses
    group by all

),

most_used as (

    select * from spellings
    qualify
        row_number() over (
            partition by condition_key
            order by uses_count desc, condition_name asc
        ) = 1

),

summed as (

    select
        condition_key,
        list_sort(list(distinct condition_name)) as name_spellings,
        count(distinct nct_id) as trials_count

    from uses
    group by condition_key

),

final as (

    select
        most_used.condition_key,
        most_used.condition_name,
        summed.name_spellings,
        summed.trials_count

    from most_used
    inner join summed on most_used.condition_key = summed.condition_key

)

select * from final
