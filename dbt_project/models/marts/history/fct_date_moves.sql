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
        {{ date_of_field(
            'changes.field', 'now.start_date_last_day', 'now.primary_completion_date_last_day',
            'now.completion_date_last_day'
        ) }} as last_day,
        {{ date_of_field(
            'changes.field', 'launch.first_start_date', 'launch.first_primary_completion_date',
            'launch.first_completion_date'
        ) }} as first_planned_on,
        if(launch.launch_version_number >= changes.version_number, null, {{ date_of_field(
            'changes.field', 'launch.launch_start_date', 'launch.launch_primary_completion_date',
            'launch.launch_completion_date'
        ) }}) as launch_planned_on,
        launch.is_registration_known,
        {{ is_pre_deadline_move('was', 'now', 'changes.field', 'changes.said_on') }} as is_pre_deadline_move,
        {{ is_retroactively_prospective('was', 'now', 'changes.field', 'launch') }}
            as is_retroactively_prospective

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
        is_pre_deadline_move,
        is_retroactively_prospective,
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
