with

versions as (

    select
        nct_id,
        content_hash,
        protocolSection.contactsLocationsModule.locations as items

    from {{ source('raw', 'raw_ctgov__versions') }}

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
    cross join unnest(versions.items) with ordinality as item (site, position)

)

select * from final
