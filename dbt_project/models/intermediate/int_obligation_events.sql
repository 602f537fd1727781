{#-
    Results that became due soon, overdue or overdue no longer: by the clock alone within a stretch of days with one
    content, or by what the next content says. Nothing is told of the day a trial is first seen.
-#}
with

snapshots as (

    select * from {{ ref('stg_ctgov__snapshots') }}

),

obliged as (

    select * from {{ ref('int_contents_obliged') }}

),

vanished as (

    select * from {{ ref('int_absences_explained') }}

),

stretches as (

    select
        stretches.nct_id,
        stretches.snapshot_date,
        stretches.last_listed_date,
        stretches.content_hash,
        stretches.last_seen_date,
        now.due_soon_from,
        now.overdue_from,
        now.due_on,
        now.act_class,
        now.has_results,
        now.reported_on,
        now.has_certificate,
        was.overdue_from as was_overdue_from,
        was.due_on as was_due_on,
        was.has_certificate as had_certificate,
        coalesce(stretches.last_seen_date >= was.overdue_from, false)
        and vanished.nct_id is null as was_overdue,
        coalesce(stretches.snapshot_date >= now.overdue_from, false) as is_overdue,
        coalesce(
            was.due_on = now.due_on and stretches.last_seen_date >= was.due_soon_from, false
        ) as was_due_soon

    from {{ ref('int_trial_stretches') }} as stretches
    left join obliged as now
        on stretches.nct_id = now.nct_id and stretches.content_hash = now.content_hash
    left join obliged as was
        on stretches.nct_id = was.nct_id and stretches.last_seen_content_hash = was.content_hash
    left join vanished
        on stretches.nct_id = vanished.nct_id and stretches.snapshot_date = vanished.returned_on

),

{# The first of the stretch's snapshots on which the clock has run out. #}
reached as (

    select
        stretches.nct_id,
        stretches.act_class,
        stretches.due_on,
        stretches.last_seen_date,
        stretches.snapshot_date as stretch_date,
        min(if(snapshots.snapshot_date >= stretches.overdue_from, snapshots.snapshot_date, null))
            as overdue_on,
        min(if(
            snapshots.snapshot_date between stretches.due_soon_from and stretches.due_on,
            snapshots.snapshot_date,
            null
        )) as due_soon_on,
        bool_or(stretches.was_overdue) as was_overdue,
        bool_or(stretches.was_due_soon) as was_due_soon

    from stretches
    inner join snapshots
        on snapshots.snapshot_date between stretches.snapshot_date and stretches.last_listed_date
    where stretches.due_soon_from is not null or stretches.overdue_from is not null
    group by all

),

overdue as (

    select
        nct_id,
        overdue_on as snapshot_date,
        'RESULTS_OVERDUE' as event_type,
        cast(due_on as varchar) as after_value,
        cast(to_json({
            'act_class': act_class,
            'due_on': due_on,
            'days_late': date_diff('day', due_on, overdue_on),
            'finable_days': greatest(date_diff('day', due_on, overdue_on) - 30, 0),
            'fine_at_most_usd': greatest(date_diff('day', due_on, overdue_on) - 30, 0) * 10000
        }) as varchar) as details

    from reached
    where overdue_on > stretch_date or (last_seen_date is not null and not was_overdue)

),

due_soon as (

    select
        nct_id,
        due_soon_on as snapshot_date,
        'RESULTS_DUE_SOON' as event_type,
        cast(due_on as varchar) as after_value,
        cast(to_json({
            'act_class': act_class,
            'due_on': due_on,
            'days_left': date_diff('day', due_soon_on, due_on)
        }) as varchar) as details

    from reached
    where due_soon_on > stretch_date or (last_seen_date is not null and not was_due_soon)

),

left_by_record as (

    select
        nct_id,
        snapshot_date,
        'NO_LONGER_OVERDUE' as event_type,
        case
            when has_results or reported_on is not null then 'REPORTED'
            when act_class is null then 'NOT_OBLIGED'
            when has_certificate and not had_certificate then 'CERTIFICATE'
            else 'DATE_MOVED'
        end as after_value,
        cast(to_json({
            'was_due_on': was_due_on,
            'due_on': due_on,
            'act_class': act_class
        }) as varchar) as details

    from stretches
    where was_overdue and not is_overdue

),

left_by_vanishing as (

    select
        vanished.nct_id,
        vanished.absent_from as snapshot_date,
        'NO_LONGER_OVERDUE' as event_type,
        vanished.departure_type as after_value,
        cast(to_json({
            'was_due_on': obliged.due_on,
            'due_on': null,
            'act_class': obliged.act_class
        }) as varchar) as details

    from vanished
    inner join obliged
        on vanished.nct_id = obliged.nct_id and vanished.content_hash = obliged.content_hash
    where vanished.last_seen_date >= obliged.overdue_from

),

events as (

    select * from overdue
    where snapshot_date is not null
    union all
    select * from due_soon
    where snapshot_date is not null
    union all
    select * from left_by_record
    union all
    select * from left_by_vanishing

),

final as (

    select
        events.nct_id,
        events.event_type,
        events.snapshot_date,
        cast(null as varchar) as severity,
        cast(null as varchar) as path,
        cast(null as varchar) as before_value,
        events.after_value,
        events.details,
        previous.content_hash as from_content_hash,
        following.content_hash as to_content_hash,
        snapshots.previous_snapshot_date as observed_after_date,
        snapshots.data_timestamp as observed_at

    from events
    inner join snapshots on events.snapshot_date = snapshots.snapshot_date
    asof left join {{ ref('int_trial_stretches') }} as following
        on events.nct_id = following.nct_id and events.snapshot_date >= following.snapshot_date
    asof left join {{ ref('int_trial_stretches') }} as previous
        on events.nct_id = previous.nct_id and events.snapshot_date > previous.snapshot_date

)

select * from final
