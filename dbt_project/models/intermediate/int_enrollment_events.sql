{#-
    Targets that move by a fifth and more, and counts that stay below four fifths of the last target. A withdrawn trial has
    enrolled nobody by definition: its status says so already. 99999999 stands for unknown.
-#}
with

compared as (

    select
        followed.nct_id,
        followed.snapshot_date,
        was.enrollment_count as before_count,
        now.enrollment_count as after_count,
        was.enrollment_type as before_type,
        now.enrollment_type as after_type,
        now.overall_status,
        if(launch.launch_version_number < versions.version_number, launch.launch_enrollment_count, null)
            as launch_count

    from {{ ref('int_contents_followed') }} as followed
    inner join {{ ref('trial_contents') }} as was
        on followed.nct_id = was.nct_id and followed.from_content_hash = was.content_hash
    inner join {{ ref('trial_contents') }} as now
        on followed.nct_id = now.nct_id and followed.to_content_hash = now.content_hash
    inner join {{ ref('int_trials_at_launch') }} as launch on followed.nct_id = launch.nct_id
    inner join {{ ref('fct_trial_versions') }} as versions
        on
            followed.nct_id = versions.nct_id
            and followed.snapshot_date = versions.dated_on
            and versions.source = 'SNAPSHOTS'
    where was.enrollment_count <> 99999999 and now.enrollment_count <> 99999999

),

judged as (

    select
        *,
        case
            when overall_status = 'WITHDRAWN' then null
            when after_type = 'ESTIMATED' and before_type = 'ESTIMATED'
                then case
                    when abs(after_count - before_count) >= 0.2 * before_count and after_count <> before_count
                        then 'ENROLL_TARGET_CHANGED'
                end
            when before_type = 'ESTIMATED' and after_type = 'ACTUAL'
                then case
                    when after_count < 0.8 * before_count
                        then 'ENROLL_ACTUAL_SHORTFALL'
                end
        end as event_type

    from compared

),

final as (

    select
        nct_id,
        snapshot_date,
        event_type,
        cast(null as varchar) as severity,
        'protocolSection.designModule.enrollmentInfo.count' as path,
        before_count || ' ' || before_type as before_value,
        after_count || ' ' || after_type as after_value,
        cast(to_json({
            'ratio': round(after_count / nullif(before_count, 0), 3),
            'launch_target': launch_count,
            'ratio_to_launch_target': round(after_count / nullif(launch_count, 0), 3)
        }) as varchar) as details

    from judged
    where event_type is not null

)

select * from final
