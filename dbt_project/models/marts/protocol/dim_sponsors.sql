with

uses as (

    select * from {{ ref('fct_trial_sponsors') }}
    where sponsor_key is not null

),

spellings as (

    select
        sponsor_key,
        sponsor_name,
        sponsor_class,
        count(*) as uses_count

    from uses
    group by all

),

most_used as (

    select * from spellings
    qualify
        row_number() over (
            partition by sponsor_key
            order by uses_count desc, sponsor_name asc, sponsor_class asc
        ) = 1

),

summed as (

    select
        sponsor_key,
        list_sort(list(distinct sponsor_name)) as name_spellings,
        count(distinct nct_id) as trials_count

    from uses
    group by sponsor_key

),

final as (

    select
        most_used.sponsor_key,
        most_used.sponsor_name,
        most_used.sponsor_class,
        summed.name_spellings,
        summed.trials_count

    from most_used
    inner join summed on most_used.sponsor_key = summed.sponsor_key

)

select * from final
