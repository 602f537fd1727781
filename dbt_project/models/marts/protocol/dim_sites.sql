with

uses as (

    select * from {{ ref('fct_trial_sites') }}

),

spellings as (

    select
        site_key,
        facility,
        city,
        state,
        zip,
        country,
        latitude,
        longitude,
        count(*) as uses_count

    from uses
    group by all

),

most_used as (

    select * from spellings
    qualify
        row_number() over (
            partition by site_key
            order by
                uses_count desc,
                facility asc,
                city asc,
                state asc,
                zip asc,
                country asc,
                latitude asc,
                longitude asc
        ) = 1

),

summed as (

    select
        site_key,
        list_sort(list(distinct facility)) as facility_spellings,
        count(distinct nct_id) as trials_count

    from uses
    group by site_key

),

final as (

    select
        most_used.site_key,
        most_used.facility,
        most_used.city,
        most_used.state,
        most_used.zip,
        most_used.country,
        most_used.latitude,
        most_used.longitude,
        summed.facility_spellings,
        summed.trials_count

    from most_used
    inner join summed on most_used.site_key = summed.site_key

)

select * from final
