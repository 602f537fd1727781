{#- Trials that came into the listing, left it or came back; nothing of the first snapshot's backlog. -#}
with

stretches as (

    select * from {{ ref('int_trial_stretches') }}

),

absences as (

    select * from {{ ref('int_absences_explained') }}

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

    from stretches
    where last_seen_date is null and previous_snapshot_date is not null

),

gone as (

    select
        nct_id,
        departure_type as event_type,
        absent_from as snapshot_date,
        overall_status as before_value,
        merged_into_nct_id as after_value,
        content_hash as from_content_hash,
        cast(null as varchar) as to_content_hash,
        cast(null as date) as submitted_on,
        cast(null as date) as posted_on,
        last_seen_date as observed_after_date,
        absent_from_timestamp as observed_at

    from absences

),

reappeared as (

    select
        stretches.nct_id,
        'REAPPEARED' as event_type,
        stretches.snapshot_date,
        cast(null as varchar) as before_value,
        stretches.overall_status as after_value,
        stretches.last_seen_content_hash as from_content_hash,
        stretches.content_hash as to_content_hash,
        stretches.last_update_submitted_on as submitted_on,
        stretches.last_update_posted_on as posted_on,
        stretches.previous_snapshot_date as observed_after_date,
        stretches.data_timestamp as observed_at

    from stretches
    inner join absences
        on stretches.nct_id = absences.nct_id and stretches.snapshot_date = absences.returned_on

),

final as (

    select * from first_seen
    union all
    select * from gone
    union all
    select * from reappeared

)

select * from final
