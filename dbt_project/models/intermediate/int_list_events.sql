{#- What lists gained, lost or renamed: arms, interventions, sites, countries, documents, violations. -#}
{%- set closed = "('COMPLETED', 'TERMINATED', 'WITHDRAWN')" -%}
with

changes as (

    select
        *,
        bool_or(kind = 'VIOLATION' and change_type = 'ADDED' and field is null)
            over (partition by nct_id, snapshot_date) as has_notice

    from {{ ref('int_changes_observed') }}
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
            when field = 'has_fdaaa_violation' and after_value = 'true' and not has_notice
                then 'FDA_VIOLATION'
        end as event_type,
        cast(null as varchar) as severity,
        path,
        before_value,
        after_value,
        cast(to_json({ 'item': item }) as varchar) as details

    from changes
    where event_type is not null

),

{# By the retractions themselves: a reference may come with one, and what is said of one may change. #}
references_changed as (

    select distinct
        nct_id,
        snapshot_date,
        from_content_hash,
        to_content_hash

    from changes
    where kind = 'REFERENCE' and (field is null or field = 'retractions')

),

references_listed as (

    select
        changed.nct_id,
        changed.snapshot_date,
        lists.content_hash = changed.to_content_hash as is_now,
        unnest(lists.references_cited) as cited

    from references_changed as changed
    inner join {{ ref('trial_lists') }} as lists
        on
            changed.nct_id = lists.nct_id
            and lists.content_hash in (changed.from_content_hash, changed.to_content_hash)

),

retractions_listed as (

    select
        nct_id,
        snapshot_date,
        is_now,
        cited.pmid as item,
        unnest(cited.retractions) as retraction

    from references_listed

),

retractions_new as (

    select
        nct_id,
        snapshot_date,
        item,
        retraction.pmid as retraction_pmid

    from retractions_listed
    group by all
    having bool_and(is_now)

),

retractions as (

    select
        nct_id,
        snapshot_date,
        'RETRACTION_LINKED' as event_type,
        cast(null as varchar) as severity,
        'protocolSection.referencesModule.references.retractions' as path,
        cast(null as varchar) as before_value,
        string_agg(retraction_pmid, ', ' order by retraction_pmid) as after_value,
        cast(to_json({ 'item': item }) as varchar) as details

    from retractions_new
    group by nct_id, snapshot_date, item

),

sites_changed as (

    select
        nct_id,
        snapshot_date,
        from_content_hash,
        to_content_hash,
        if(field is null and change_type = 'ADDED', 'SITES_ADDED', 'SITES_CLOSED') as event_type,
        count(*) as sites_count,
        count(*) filter (field is null) as listed_or_not_count

    from changes
    where
        kind = 'SITE'
        and (
            field is null
            or (
                field = 'site_status'
                and after_value in {{ closed }}
                and coalesce(before_value, '') not in {{ closed }}
            )
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
