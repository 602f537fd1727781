{#- One row a day on which a trial was seen with another overall status than when it was seen before. -#}
with

stretches as (

    select * from {{ ref('int_trial_stretches') }}

),

statuses as (

    select * from {{ ref('ctgov_overall_statuses') }}

),

final as (

    select
        stretches.*,
        case
            when stretches.overall_status = 'SUSPENDED' then 'STATUS_SUSPENDED'
            when stretches.overall_status = 'TERMINATED' then 'STATUS_TERMINATED'
            when stretches.overall_status = 'WITHDRAWN' then 'STATUS_WITHDRAWN'
            when stretches.overall_status = 'UNKNOWN' then 'STATUS_UNKNOWN'
            when stretches.last_seen_status = 'SUSPENDED' and now_status.is_open then 'STATUS_RESUMED'
            when then_status.is_terminal and now_status.is_open then 'STATUS_REVERTED'
            when
                stretches.last_seen_status = 'NOT_YET_RECRUITING'
                and stretches.overall_status in ('RECRUITING', 'ENROLLING_BY_INVITATION')
                then 'STATUS_OPENED'
            else 'STATUS_CHANGED'
        end as event_type

    from stretches
    left join statuses as now_status on stretches.overall_status = now_status.code
    left join statuses as then_status on stretches.last_seen_status = then_status.code
    where
        stretches.last_seen_date is not null
        and stretches.overall_status is distinct from stretches.last_seen_status

)

select * from final
