{#-
    Primary outcomes that came, went, changed places with secondary ones or say something else. One that came where
    one went took its place. A record that listed no outcome at all before gains none.
-#}
with

changes as (

    select
        changes.*,
        coalesce(was.start_date_last_day < changes.said_on, false) as is_after_start,
        coalesce(
            was.primary_completion_date_last_day < changes.said_on,
            was.completion_date_last_day < changes.said_on,
            false
        ) as is_after_completion

    from {{ ref('int_changes_observed') }} as changes
    inner join {{ ref('trial_contents') }} as was
        on changes.nct_id = was.nct_id and changes.from_content_hash = was.content_hash
    where
        changes.kind = 'OUTCOME'
        and changes.materiality = 'MAJOR'
        and was.primary_outcomes_count + was.secondary_outcomes_count + was.other_outcomes_count > 0

),

came_or_went as (

    select
        *,
        row_number() over (
            partition by nct_id, snapshot_date, change_type
            order by change_number
        ) as place

    from changes
    where field is null and part = 'PRIMARY'

),

went as (

    select * from came_or_went
    where change_type = 'REMOVED'

),

came as (

    select * from came_or_went
    where change_type = 'ADDED'

),

replaced as (

    select
        coalesce(went.nct_id, came.nct_id) as nct_id,
        coalesce(went.snapshot_date, came.snapshot_date) as snapshot_date,
        case
            when went.nct_id is null then 'PRIMARY_OUTCOME_ADDED'
            when came.nct_id is null then 'PRIMARY_OUTCOME_REMOVED'
            else 'PRIMARY_OUTCOME_REPLACED'
        end as event_type,
        coalesce(went.path, came.path) as path,
        went.before_value,
        came.after_value,
        coalesce(went.is_after_start, came.is_after_start) as is_after_start,
        coalesce(went.is_after_completion, came.is_after_completion) as is_after_completion,
        true as is_major,
        false as needs_review

    from went
    full outer join came
        on
            went.nct_id = came.nct_id
            and went.snapshot_date = came.snapshot_date
            and went.place = came.place

),

changed as (

    select
        nct_id,
        snapshot_date,
        case
            when change_type = 'DEMOTED' then 'PRIMARY_OUTCOME_DEMOTED'
            when change_type = 'PROMOTED' then 'SECONDARY_OUTCOME_PROMOTED'
            when field = 'time_frame' then 'PRIMARY_OUTCOME_TIMEPOINT_CHANGED'
            when change_type in ('NARROWED', 'BROADENED') then 'PRIMARY_OUTCOME_' || change_type
            else 'PRIMARY_OUTCOME_REWORDED'
        end as event_type,
        path,
        item as outcome,
        field = 'outcome_type' as is_major,
        if(is_major, item || ' · ' || before_value, before_value) as before_value,
        if(is_major, item || ' · ' || after_value, after_value) as after_value,
        is_after_start,
        is_after_completion,
        needs_review

    from changes
    where field = 'outcome_type' or (field is not null and part = 'PRIMARY')

),

events as (

    select * from replaced
    union all by name
    select * from changed

),

final as (

    select
        nct_id,
        snapshot_date,
        event_type,
        if(is_after_start, 'P1', 'P2') as severity,
        path,
        before_value,
        after_value,
        cast(to_json({
            'outcome': outcome,
            'is_major': is_major,
            'is_after_start': is_after_start,
            'is_after_completion': is_after_completion,
            'needs_review': needs_review
        }) as varchar) as details

    from events

)

select * from final
