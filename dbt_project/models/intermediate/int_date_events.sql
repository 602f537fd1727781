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
    where source = 'SNAPSHOTS'

),

measured as (

    select
        changes.*,
        moves.days_since_first,
        moves.days_since_launch,
        moves.moves_count,
        moves.is_serial_slip,
        moves.is_pre_deadline_move,
        moves.is_retroactively_prospective,
        moves.is_registration_known,
        coalesce(list_has_any(now.phases, ['PHASE2', 'PHASE3', 'PHASE4']), false) as is_late_phase,
        changes.days_moved >= 180
        or (moves.days_since_first >= 365 and moves.days_since_first - changes.days_moved < 365) as is_far

    from changes
    inner join {{ ref('trial_contents') }} as now
        on changes.nct_id = now.nct_id and changes.to_content_hash = now.content_hash
    left join moves
        on
            changes.nct_id = moves.nct_id
            and changes.snapshot_date = moves.dated_on
            and changes.field = moves.date_field

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

    from measured

)

select * from final
