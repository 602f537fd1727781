with

named as (

    select
        country,
        count(distinct nct_id) as trials_count

    from {{ ref('fct_trial_countries') }}
    where country is not null
    group by country

),

final as (

    select
        named.country,
        iso.code as country_code,
        named.trials_count

    from named
    left join {{ ref('countries') }} as iso
        on {{ country_now("replace(trim(named.country), '’', chr(39))") }} = iso.country

)

select * from final
