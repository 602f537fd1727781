with

versions as (

    select * from {{ source('raw', 'raw_ctgov__versions') }}

),

final as (

    select
        versions.nct_id,
        versions.content_hash,
        item.position as site_number,
        item.site.facility as facility,
        item.site.city as city,
        item.site.state as state,
        item.site.zip as zip,
        item.site.country as country,
        item.site.status as site_status,
        item.site.geoPoint.lat as latitude,
        item.site.geoPoint.lon as longitude

    from versions
    cross join unnest(versions.protocolSection.contactsLocationsModule.locations) with ordinality as item(site, position)

)

select * from final
