{#- Sponsor, phase, design, eligibility, and a reason for a stop that comes after the stop. -#}
with

changes as (

    select * from {{ ref('int_changes_observed') }}

),

{# The registry renames a sponsor in all its trials at once, without a new version of any. #}
sponsors as (

    select
        nct_id,
        snapshot_date,
        case
            when
                materiality = 'CHURN'
                or {{ normalised_name('before_value') }} = {{ normalised_name('after_value') }}
                or (
                    is_silent
                    and count(*) filter (is_silent) over (
                        partition by snapshot_date, before_value, after_value
                    ) >= 2
                )
                then 'SPONSOR_RENAMED'
            else 'SPONSOR_CHANGED'
        end as event_type,
        path,
        before_value,
        after_value,
        cast(null as varchar) as details

    from changes
    where field = 'lead_sponsor_name'

),

fields as (

    select
        changes.nct_id,
        changes.snapshot_date,
        case
            when changes.field = 'phases' then 'PHASE_CHANGED'
            when
                changes.field in (
                    'study_type', 'allocation', 'intervention_model', 'primary_purpose',
                    'observational_model', 'time_perspective', 'masking'
                )
                then 'DESIGN_CHANGED'
            when
                changes.field in (
                    'sex', 'minimum_age_text', 'maximum_age_text', 'accepts_healthy_volunteers'
                )
                then 'ELIGIBILITY_CHANGED'
            when
                changes.field = 'why_stopped'
                and changes.change_type = 'ADDED'
                and was.overall_status = now.overall_status
                then 'WHY_STOPPED_ADDED'
        end as event_type,
        changes.path,
        changes.before_value,
        changes.after_value,
        cast(null as varchar) as details

    from changes
    inner join {{ ref('trial_contents') }} as was
        on changes.nct_id = was.nct_id and changes.from_content_hash = was.content_hash
    inner join {{ ref('trial_contents') }} as now
        on changes.nct_id = now.nct_id and changes.to_content_hash = now.content_hash
    where changes.kind = 'TRIAL' and changes.materiality = 'MAJOR' and event_type is not null

),

criteria as (

    select
        nct_id,
        snapshot_date,
        'ELIGIBILITY_CRITERIA_CHANGED' as event_type,
        path,
        string_agg(if(change_type = 'MOVED', item, before_value), chr(10) order by change_number)
            as before_value,
        string_agg(if(change_type = 'MOVED', item, after_value), chr(10) order by change_number)
            as after_value,
        cast(to_json({
            'added_count': count(*) filter (field is null and change_type = 'ADDED'),
            'removed_count': count(*) filter (field is null and change_type = 'REMOVED'),
            'reworded_count': count(*) filter (change_type = 'REWORDED'),
            'moved_count': count(*) filter (field = 'section')
        }) as varchar) as details

    from changes
    where kind = 'CRITERION' and materiality = 'MINOR'
    group by nct_id, snapshot_date, path

),

final as (

    select
        *,
        cast(null as varchar) as severity

    from sponsors
    union all by name
    select * from fields
    union all by name
    select * from criteria

)

select * from final
