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
        {{ anchors_of_move('changes.version_number') }}

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
        planned_first_on as first_planned_on,
        planned_at_launch_on as launch_planned_on,
        days_since_first,
        days_since_launch,
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
