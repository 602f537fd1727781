with

said as (

    select * from {{ ref('int_status_events') }}
    union all by name
    select * from {{ ref('int_date_events') }}
    union all by name
    select * from {{ ref('int_enrollment_events') }}
    union all by name
    select * from {{ ref('int_outcome_events') }}
    union all by name
    select * from {{ ref('int_list_events') }}
    union all by name
    select * from {{ ref('int_field_events') }}
    union all by name
    select * from {{ ref('int_result_events') }}

),

changes as (

    select
        said.nct_id,
        said.event_type,
        said.severity,
        said.snapshot_date,
        said.path,
        said.before_value,
        said.after_value,
        said.why_stopped,
        said.details,
        stretches.last_seen_content_hash as from_content_hash,
        stretches.content_hash as to_content_hash,
        stretches.last_update_submitted_on as submitted_on,
        stretches.last_update_posted_on as posted_on,
        stretches.last_seen_date as observed_after_date,
        stretches.data_timestamp as observed_at,
        (stretches.last_update_posted_on is not distinct from stretches.last_seen_posted_on) as is_silent

    from said
    inner join {{ ref('int_trial_stretches') }} as stretches
        on
            said.nct_id = stretches.nct_id
            and said.snapshot_date = stretches.snapshot_date

),

events as (

    select * from changes
    union all by name
    select * from {{ ref('int_listings_changed') }}
    union all by name
    select * from {{ ref('int_obligation_events') }}

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
        row_number() over (partition by same_event_key order by snapshot_date, details) as occurrence_number

    from identified

),

final as (

    select
        md5(numbered.same_event_key || '#' || numbered.occurrence_number) as event_key,
        numbered.nct_id,
        numbered.event_type,
        coalesce(numbered.severity, event_types.severity) as severity,
        numbered.snapshot_date,
        numbered.path,
        numbered.before_value,
        numbered.after_value,
        numbered.why_stopped,
        numbered.details,
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
