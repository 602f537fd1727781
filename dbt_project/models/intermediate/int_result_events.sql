{#-
    Results on their way: sent to the registry, returned by it, sent again, posted. Sent, taken back and sent again
    between two snapshots is sent. What was posted in the same version was sent before it.
-#}
with

changes as (

    select * from {{ ref('int_changes_observed') }}

),

{# Both lists tell the same; the one that says less counts only where the other is missing. #}
counted as (

    select
        changes.nct_id,
        changes.snapshot_date,
        was.result_submissions is null and now.result_submissions is null as is_by_notices,
        {%- for content in ['was', 'now'] %}
        coalesce(if(
            is_by_notices,
            len(list_filter({{ content }}.unposted_events, lambda event: event.type = 'RELEASE')),
            len({{ content }}.result_submissions)
        ), 0) as {{ content }}_sent,
        coalesce(if(
            is_by_notices,
            len(list_filter({{ content }}.unposted_events, lambda event: event.type = 'RESET')),
            len(list_filter({{ content }}.result_submissions, lambda round: round.resetDate is not null))
        ), 0) as {{ content }}_returned,
        {%- endfor %}
        len(was.unposted_events) > 0 as was_told

    from (
        select distinct
            nct_id,
            snapshot_date,
            from_content_hash,
            to_content_hash

        from changes
        where kind in ('RESULT_SUBMISSION', 'UNPOSTED_EVENT')
    ) as changes
    inner join {{ ref('trial_lists') }} as was
        on changes.nct_id = was.nct_id and changes.from_content_hash = was.content_hash
    inner join {{ ref('trial_lists') }} as now
        on changes.nct_id = now.nct_id and changes.to_content_hash = now.content_hash

),

sent as (

    select
        nct_id,
        snapshot_date,
        unnest(list_filter(
            [
                case
                    when was_sent = 0 and now_sent > 0 and not coalesce(was_told, false)
                        then 'RESULTS_SUBMITTED'
                    when was_sent > 0 and now_sent > was_sent then 'QC_RESUBMITTED'
                end,
                if(now_returned > was_returned, 'QC_RETURNED', null)
            ],
            lambda event_type: event_type is not null
        )) as event_type,
        'derivedSection.miscInfoModule.submissionTracking.submissionInfos' as path,
        was_sent || ' sent, ' || was_returned || ' returned' as before_value,
        now_sent || ' sent, ' || now_returned || ' returned' as after_value

    from counted

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
