{#- A plan that moves counts by its slip: at once from 180 days, or when all slips together pass a year. -#}
with

changes as (

    select * from {{ ref('int_changes_observed') }}
    where
        kind = 'DATE'
        and change_type in ('MOVED_LATER', 'MOVED_EARLIER', 'REALISED', 'REOPENED', 'CORRECTED')

),

moves as (

    select * from {{ ref('fct_date_moves') }}

),

{# Between two snapshots of ours, whatever versions history has between them. #}
measured as (

    select
        changes.*,
        {{ anchors_of_move('versions.version_number') }},
        coalesce(moves.moves_count, 0) as moves_count,
        changes.change_type = 'MOVED_LATER'
        and changes.days_moved >= 90
        and coalesce(moves.slips_count, 0) >= 3 as is_serial_slip,
        coalesce(list_has_any(now.phases, ['PHASE2', 'PHASE3', 'PHASE4']), false) as is_late_phase

    from changes
    inner join {{ ref('trial_contents') }} as was
        on changes.nct_id = was.nct_id and changes.from_content_hash = was.content_hash
    inner join {{ ref('trial_contents') }} as now
        on changes.nct_id = now.nct_id and changes.to_content_hash = now.content_hash
    inner join {{ ref('int_trials_at_launch') }} as launch on changes.nct_id = launch.nct_id
    inner join {{ ref('fct_trial_versions') }} as versions
        on
            changes.nct_id = versions.nct_id
            and changes.snapshot_date = versions.dated_on
            and versions.source = 'SNAPSHOTS'
    asof left join moves
        on
            changes.nct_id = moves.nct_id
            and changes.field = moves.date_field
            and versions.version_number >= moves.version_number

),

judged as (

    select
        *,
        days_moved >= 180
        or coalesce(days_since_first >= 365 and days_since_first - days_moved < 365, false) as is_far

    from measured

),

final as (

    select
        nct_id,
        snapshot_date,
        case field when 'start_date' then 'START' when 'primary_completion_date' then 'PCD' else 'CD' end
        || if(change_type = 'REALISED', '_REALISED', '_MOVED') as event_type,
        case
            when change_type = 'MOVED_LATER' and is_late_phase and is_far then 'P1'
            when change_type = 'MOVED_LATER' and days_moved >= 90 then 'P2'
        end as severity,
        path,
        before_value,
        after_value,
        cast(to_json({
            'change_type': change_type,
            'days_moved': days_moved,
            'days_since_first': days_since_first,
            'days_since_launch': days_since_launch,
            'moves_count': moves_count,
            'is_serial_slip': is_serial_slip,
            'is_pre_deadline_move': is_pre_deadline_move,
            'is_retroactively_prospective': is_retroactively_prospective,
            'is_registration_known': is_registration_known
        }) as varchar) as details

    from judged

)

select * from final
