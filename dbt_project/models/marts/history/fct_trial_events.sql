with

statuses_changed as (

    select
        nct_id,
        event_type,
        snapshot_date,
        'protocolSection.statusModule.overallStatus' as path,
        last_seen_status as before_value,
        overall_status as after_value,
        last_seen_content_hash as from_content_hash,
        content_hash as to_content_hash,
        last_update_submitted_on as submitted_on,
        last_update_posted_on as posted_on,
        last_seen_date as observed_after_date,
        data_timestamp as observed_at,
        (last_update_posted_on is not distinct from last_seen_posted_on) as is_silent,
        why_stopped

    from {{ ref('int_statuses_changed') }}

),

listings_changed as (

    select
        nct_id,
        event_type,
        snapshot_date,
        cast(null as varchar) as path,
        before_value,
        after_value,
        from_content_hash,
        to_content_hash,
        submitted_on,
        posted_on,
        observed_after_date,
        observed_at,
        cast(null as boolean) as is_silent,
        cast(null as varchar) as why_stopped

    from {{ ref('int_listings_changed') }}

),

events as (

    select * from statuses_changed
    union all
    select * from listings_changed

),

identified as (

    select
        *,
        {{ surrogate_key(
            ['nct_id', 'event_type', 'path', 'before_value', 'after_value', 'to_content_hash']
        ) }} as same_event_key

    from events

),

numbered as (

    select
        *,
        row_number() over (partition by same_event_key order by snapshot_date) as occurrence_number

    from identified

),

final as (

    select
        md5(numbered.same_event_key || '#' || numbered.occurrence_number) as event_key,
        numbered.nct_id,
        numbered.event_type,
        event_types.severity,
        numbered.snapshot_date,
        numbered.path,
        numbered.before_value,
        numbered.after_value,
        numbered.why_stopped,
        numbered.from_content_hash,
        numbered.to_content_hash,
        numbered.submitted_on,
        numbered.posted_on,
        seen_before.data_timestamp as observed_after,
        numbered.observed_at,
        numbered.is_silent

    from numbered
    inner join {{ ref('event_types') }} as event_types on numbered.event_type = event_types.event_type
    left join {{ ref('stg_ctgov__snapshots') }} as seen_before
        on numbered.observed_after_date = seen_before.snapshot_date

)

select * from final
