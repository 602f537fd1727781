with

listed as (

    select * from {{ ref('int_trial_stretches') }}

),

newest as (

    select max(snapshot_date) as newest_snapshot_date from {{ ref('stg_ctgov__snapshots') }}

),

numbered as (

    select
        *,
        count(*) filter (last_seen_date is null or overall_status is distinct from last_seen_status)
            over (partition by nct_id order by snapshot_date) as status_number

    from listed

),

stretches as (

    select
        nct_id,
        status_number,
        first(overall_status order by snapshot_date) as status,
        min(snapshot_date) as status_from,
        first(last_seen_date order by snapshot_date) as observed_after_date,
        max(last_listed_date) as last_seen_date,
        last(why_stopped order by snapshot_date) filter (why_stopped is not null) as why_stopped,
        first(last_update_submitted_on order by snapshot_date) as submitted_on,
        first(last_update_posted_on order by snapshot_date) as posted_on

    from numbered
    group by nct_id, status_number

),

final as (

    select
        stretches.nct_id,
        stretches.status_number,
        stretches.status,
        lag(stretches.status) over of_trial as previous_status,
        stretches.status_from,
        lead(stretches.status_from) over of_trial as status_to,
        coalesce(lead(stretches.status_from) over of_trial, newest.newest_snapshot_date)
        - stretches.status_from as status_days,
        lead(stretches.status_from) over of_trial is null as is_current,
        stretches.observed_after_date is not null as is_start_observed,
        stretches.why_stopped,
        stretches.observed_after_date,
        stretches.last_seen_date,
        stretches.submitted_on,
        stretches.posted_on

    from stretches
    cross join newest
    window of_trial as (partition by stretches.nct_id order by stretches.status_number)

)

select * from final
