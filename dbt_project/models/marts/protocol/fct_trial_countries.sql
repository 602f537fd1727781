with

records as (

    select
        nct_id,
        list_distinct(list_transform(contacts_locations_module.locations, lambda site: site.country))
            as countries,
        list_distinct(misc_info_module.removedCountries) as removed_countries

    from {{ ref('int_records_current') }}

),

countries as (

    select
        nct_id,
        unnest(countries) as country,
        false as is_removed

    from records
    union all
    select
        nct_id,
        unnest(removed_countries) as country,
        true as is_removed

    from records

),

final as (

    select
        nct_id,
        country,
        is_removed

    from countries

)

select * from final
