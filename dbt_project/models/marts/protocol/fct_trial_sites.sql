with

listed as (

    select
        nct_id,
        unnest(contacts_locations_module.locations) as site,
        generate_subscripts(contacts_locations_module.locations, 1) as site_number

    from {{ ref('int_records_current') }}

),

final as (

    select
        nct_id,
        site_number,
        case
            when site.facility is not null
                then {{ surrogate_key([
                    normalised_name('site.facility'), normalised_name('site.city'),
                    normalised_name('site.state'), normalised_name('site.zip'),
                    normalised_name('site.country'),
                ]) }}
            else {{ surrogate_key(['nct_id', 'cast(site_number as varchar)']) }}
        end as site_key,
        site.facility as facility,
        site.city as city,
        site.state as state,
        site.zip as zip,
        site.country as country,
        site.status as site_status,
        site.geoPoint.lat as latitude,
        site.geoPoint.lon as longitude

    from listed

)

select * from final
