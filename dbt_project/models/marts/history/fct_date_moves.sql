{#-
    Each change of a trial's start or completion, counted and measured from three anchors: the version before, the first
    one known, and the one at launch.
-#}
with

changes as (

    select
        changes.* exclude (materiality, kind, item, part, similarity, needs_review, churn_class, path),
        coalesce(changes.submitted_on, changes.dated_on) as said_on

    from {{ ref('fct_trial_changes') }} as changes
    where changes.kind = 'DATE'

),

dated as (

    select
        changes.*,
        case changes.field
            when 'start_date' then now.start_date_last_day
            when 'primary_completion_date' then now.primary_completion_date_last_day
            else now.completion_date_last_day
        end as last_day,
        case changes.field
            when 'start_date' then launch.first_start_date
            when 'primary_completion_date' then launch.first_primary_completion_date
            else launch.first_completion_date
        end as first_planned_on,
        case
            when launch.launch_version_number >= changes.version_number then null
            when changes.field = 'start_date' then launch.launch_start_date
            when changes.field = 'primary_completion_date' then launch.launch_primary_completion_date
            else launch.launch_completion_date
        end as launch_planned_on,
        launch.is_registration_known,
        {# What the law counts from: primary completion, or completion where there is none. #}
        changes.field = if(
            was.primary_completion_date_last_day is null, 'completion_date', 'primary_completion_date'
        ) as is_deadline_moved,
        coalesce(was.primary_completion_date_last_day, was.completion_date_last_day)
        + if(was.disposition_first_submitted_on is null, interval 365 days, interval 3 years) as was_due_on,
        changes.field = 'start_date'
        and launch.is_registration_known
        and launch.first_start_date < launch.first_submitted_on
        and was.start_date_last_day < launch.first_submitted_on
        and now.start_date >= launch.first_submitted_on as is_retroactively_prospective

    from changes
    inner join {{ ref('trial_contents') }} as was
        on changes.nct_id = was.nct_id and changes.from_content_hash = was.content_hash
    inner join {{ ref('trial_contents') }} as now
        on changes.nct_id = now.nct_id and changes.to_content_hash = now.content_hash
    inner join {{ ref('int_trials_at_launch') }} as launch on changes.nct_id = launch.nct_id

),

counted as (

    select
        *,
        count(*) filter (change_type in ('MOVED_LATER', 'MOVED_EARLIER')) over until_now as moves_count,
        count(*) filter (change_type = 'MOVED_LATER' and days_moved >= 90) over until_now as slips_count

    from dated
    window until_now as (partition by nct_id, field order by version_number)

),

final as (

    select
        nct_id,
        field as date_field,
        version_number,
        change_type,
        before_value,
        after_value,
        days_moved,
        first_planned_on,
        launch_planned_on,
        last_day - first_planned_on as days_since_first,
        last_day - launch_planned_on as days_since_launch,
        moves_count,
        slips_count,
        change_type = 'MOVED_LATER' and days_moved >= 90 and slips_count >= 3 as is_serial_slip,
        change_type = 'MOVED_LATER'
        and is_deadline_moved
        and coalesce(said_on >= was_due_on - interval 60 days, false) as is_pre_deadline_move,
        coalesce(is_retroactively_prospective, false) as is_retroactively_prospective,
        is_registration_known,
        source,
        clock,
        dated_on,
        submitted_on,
        posted_on,
        to_content_hash as content_hash

    from counted

)

select * from final
