{#- What lists gained, lost or renamed: arms, interventions, sites, countries, documents, violations. -#}
with

changes as (

    select * from {{ ref('int_changes_observed') }}
    where field is null or change_type in ('RENAMED', 'CHANGED', 'REMOVED', 'ADDED')

),

items as (

    select
        nct_id,
        snapshot_date,
        case
            when kind in ('ARM', 'INTERVENTION', 'COUNTRY') and field is null then kind || '_' || change_type
            when kind = 'INTERVENTION' and change_type = 'RENAMED' then 'INTERVENTION_RENAMED'
            when kind = 'DOCUMENT' and field is null and change_type = 'ADDED' then 'DOCS_ADDED'
            when kind = 'VIOLATION' and field is null and change_type = 'ADDED' then 'FDA_VIOLATION'
            when field = 'has_fdaaa_violation' and after_value = 'true' then 'FDA_VIOLATION'
            when field = 'retractions' and after_value is not null then 'RETRACTION_LINKED'
        end as event_type,
        cast(null as varchar) as severity,
        path,
        before_value,
        after_value,
        cast(to_json({ 'item': item }) as varchar) as details

    from changes
    where
        event_type is not null
        and (kind <> 'ARM' or change_type in ('ADDED', 'REMOVED'))

),

{# A reference may come with its retraction. #}
retracted as (

    select
        nct_id,
        content_hash,
        unnest(references_cited) as cited

    from {{ ref('trial_lists') }}
    where (nct_id, content_hash) in (
        select (nct_id, to_content_hash) from changes
        where kind = 'REFERENCE' and field is null and change_type = 'ADDED'
    )

),

retractions as (

    select
        changes.nct_id,
        changes.snapshot_date,
        'RETRACTION_LINKED' as event_type,
        cast(null as varchar) as severity,
        changes.path,
        cast(null as varchar) as before_value,
        cast(retracted.cited.retractions as varchar) as after_value,
        cast(to_json({ 'item': changes.item }) as varchar) as details

    from changes
    inner join retracted
        on
            changes.nct_id = retracted.nct_id
            and changes.to_content_hash = retracted.content_hash
            and changes.item = retracted.cited.pmid
    where
        changes.kind = 'REFERENCE'
        and changes.field is null
        and changes.change_type = 'ADDED'
        and len(retracted.cited.retractions) > 0

),

sites_changed as (

    select
        nct_id,
        snapshot_date,
        from_content_hash,
        to_content_hash,
        if(change_type = 'ADDED', 'SITES_ADDED', 'SITES_CLOSED') as event_type,
        count(*) as sites_count,
        count(*) filter (field is null) as listed_or_not_count

    from changes
    where
        kind = 'SITE'
        and (
            field is null
            or (field = 'site_status' and after_value in ('COMPLETED', 'TERMINATED', 'WITHDRAWN'))
        )
    group by all

),

sites as (

    select
        sites.nct_id,
        sites.snapshot_date,
        sites.event_type,
        if(sites.sites_count >= 0.25 * greatest(was.sites_count, now.sites_count), 'P2', 'P3') as severity,
        'protocolSection.contactsLocationsModule.locations' as path,
        was.sites_count || ' sites' as before_value,
        now.sites_count || ' sites' as after_value,
        cast(to_json({
            'sites_count': sites.sites_count,
            'listed_no_more_count': if(sites.event_type = 'SITES_CLOSED', sites.listed_or_not_count, null)
        }) as varchar) as details

    from sites_changed as sites
    inner join {{ ref('trial_contents') }} as was
        on sites.nct_id = was.nct_id and sites.from_content_hash = was.content_hash
    inner join {{ ref('trial_contents') }} as now
        on sites.nct_id = now.nct_id and sites.to_content_hash = now.content_hash

),

final as (

    select * from items
    union all
    select * from retractions
    union all
    select * from sites

)

select * from final
