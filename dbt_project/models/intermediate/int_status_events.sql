{#-
    Changes of status with what a reader needs to judge them. A change that the next day takes back is a slip of the
    sponsor's pen: neither is urgent. What takes it back is not taken back itself: of three that swing to and fro the
    third stands.
-#}
with

swings as (

    select
        *,
        coalesce(
            lag(last_seen_status) over of_trial = overall_status
            and date_diff('day', lag(snapshot_date) over of_trial, snapshot_date) <= 1,
            false
        ) as swings_back

    from {{ ref('int_statuses_changed') }}
    window of_trial as (partition by nct_id order by snapshot_date)

),

to_and_fro as (

    select
        *,
        count(*) filter (not swings_back) over (partition by nct_id order by snapshot_date) as swing

    from swings

),

numbered as (

    select
        *,
        row_number() over (partition by nct_id, swing order by snapshot_date) as place

    from to_and_fro

),

changes as (

    select
        *,
        place % 2 = 0 as takes_back,
        coalesce(place % 2 = 1 and lead(swing) over of_trial = swing, false) as is_taken_back

    from numbered
    window of_trial as (partition by nct_id order by snapshot_date)

),

statuses as (

    select * from {{ ref('fct_status_history') }}
    where status_to is null or status_to > status_from

),

contents as (

    select * from {{ ref('trial_contents') }}

),

final as (

    select
        changes.nct_id,
        changes.snapshot_date,
        changes.event_type,
        if(changes.is_taken_back or changes.takes_back, 'P3', null) as severity,
        'protocolSection.statusModule.overallStatus' as path,
        changes.last_seen_status as before_value,
        changes.overall_status as after_value,
        changes.why_stopped,
        cast(to_json({
            'stop_reason': now.stop_reason,
            'share_restarted_within_365_days': if(
                changes.overall_status = 'SUSPENDED', reasons.share_restarted_within_365_days, null
            ),
            'other_active_trials_count': if(
                changes.overall_status = 'SUSPENDED', coalesce(len(beside.other_active_trials), 0), null
            ),
            'other_active_trials': beside.other_active_trials[:20],
            'days_in_previous_status': date_diff('day', statuses.status_from, changes.snapshot_date),
            'previous_status_clock': statuses.clock,
            'is_previous_status_start_known': statuses.status_number > 1 or statuses.source = 'HISTORY',
            'phases': now.phases,
            'enrollment_count': now.enrollment_count,
            'enrollment_type': now.enrollment_type,
            'start_date_before': was.start_date_text,
            'start_date': now.start_date_text,
            'primary_completion_date': now.primary_completion_date_text,
            'last_known_status': now.last_known_status,
            'status_verified_date': now.status_verified_date_text,
            'is_taken_back_or_takes_back': changes.is_taken_back or changes.takes_back
        }) as varchar) as details

    from changes
    inner join contents as was
        on changes.nct_id = was.nct_id and changes.last_seen_content_hash = was.content_hash
    inner join contents as now
        on changes.nct_id = now.nct_id and changes.content_hash = now.content_hash
    left join {{ ref('dim_stop_reasons') }} as reasons on now.stop_reason = reasons.stop_reason
    left join {{ ref('int_suspensions_beside_others') }} as beside
        on changes.nct_id = beside.nct_id and changes.snapshot_date = beside.snapshot_date
    asof left join statuses
        on
            changes.nct_id = statuses.nct_id
            and changes.last_seen_date >= statuses.status_from

)

select * from final
