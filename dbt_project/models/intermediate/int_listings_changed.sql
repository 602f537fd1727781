{#- Trials that came into the listing, left it or came back; nothing of the first snapshot's backlog. -#}
with

days as (

    select * from {{ ref('int_trial_days_compared') }}

),

first_seen as (

    select
        nct_id,
        case
            when first_posted_on >= snapshot_date - 14 then 'NEW_TRIAL'
            else 'NEWLY_LISTED'
        end as event_type,
        snapshot_date,
        cast(null as varchar) as before_value,
        overall_status as after_value,
        cast(null as varchar) as from_content_hash,
        content_hash as to_content_hash,
        last_update_submitted_on as submitted_on,
        last_update_posted_on as posted_on,
        previous_snapshot_date as observed_after_date,
        data_timestamp as observed_at

    from days
    where last_seen_date is null and previous_snapshot_date is not null

),

vanished as (

    select
        nct_id,
        'VANISHED' as event_type,
        next_snapshot_date as snapshot_date,
        overall_status as before_value,
        cast(null as varchar) as after_value,
        content_hash as from_content_hash,
        cast(null as varchar) as to_content_hash,
        cast(null as date) as submitted_on,
        cast(null as date) as posted_on,
        snapshot_date as observed_after_date,
        next_data_timestamp as observed_at

    from days
    where next_snapshot_date is not null and next_seen_date is distinct from next_snapshot_date

),

reappeared as (

    select
        nct_id,
        'REAPPEARED' as event_type,
        snapshot_date,
        cast(null as varchar) as before_value,
        overall_status as after_value,
        last_seen_content_hash as from_content_hash,
        content_hash as to_content_hash,
        last_update_submitted_on as submitted_on,
        last_update_posted_on as posted_on,
        previous_snapshot_date as observed_after_date,
        data_timestamp as observed_at

    from days
    where last_seen_date is not null and last_seen_date is distinct from previous_snapshot_date

),

final as (

    select * from first_seen
    union all
    select * from vanished
    union all
    select * from reappeared

)

select * from final
