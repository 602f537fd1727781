{#-
    Results on their way: sent to the registry, returned by it, sent again, posted. Sent, taken back and sent again
    between two snapshots is sent. What was posted in the same version was sent before it.
-#}
with

changes as (

    select * from {{ ref('int_changes_observed') }}

),

submissions as (

    select
        changes.nct_id,
        changes.snapshot_date,
        changes.path,
        coalesce(len(was.result_submissions), 0) + coalesce(len(was.unposted_events), 0) = 0 as is_first,
        changes.kind = 'RESULT_SUBMISSION' as is_tracked,
        changes.field is null and changes.change_type = 'ADDED' as is_added,
        changes.field,
        changes.item,
        changes.part,
        changes.after_value

    from changes
    inner join {{ ref('trial_lists') }} as was
        on changes.nct_id = was.nct_id and changes.from_content_hash = was.content_hash
    inner join {{ ref('trial_lists') }} as now
        on changes.nct_id = now.nct_id and changes.to_content_hash = now.content_hash
    where
        {# Both lists tell the same; the one that says less counts only where the other is missing. #}
        changes.kind = if(now.result_submissions is null, 'UNPOSTED_EVENT', 'RESULT_SUBMISSION')
        and changes.change_type <> 'REMOVED'

),

tracked as (

    select
        *,
        case
            when is_tracked and is_added then if(is_first, 'RESULTS_SUBMITTED', 'QC_RESUBMITTED')
            when is_tracked and field = 'returned_on' then 'QC_RETURNED'
            when is_tracked or not is_added then null
            when item = 'RELEASE' then if(is_first, 'RESULTS_SUBMITTED', 'QC_RESUBMITTED')
            when item = 'RESET' then 'QC_RETURNED'
        end as event_type

    from submissions

),

sent as (

    select
        nct_id,
        snapshot_date,
        event_type,
        min(path) as path,
        cast(null as varchar) as before_value,
        max(after_value) as after_value

    from tracked
    where event_type is not null
    group by nct_id, snapshot_date, event_type

),

posted as (

    select
        nct_id,
        snapshot_date,
        'RESULTS_POSTED' as event_type,
        path,
        before_value,
        after_value

    from changes
    where kind = 'TRIAL' and field = 'has_results' and after_value = 'true'

),

final as (

    select
        *,
        cast(null as varchar) as severity,
        cast(null as varchar) as details

    from posted
    union all by name
    select sent.*
    from sent
    anti join posted on sent.nct_id = posted.nct_id and sent.snapshot_date = posted.snapshot_date

)

select * from final
