{#- One row a day on which a trial was seen with another overall status than when it was seen before. -#}
with

days as (

    select * from {{ ref('int_trial_days_compared') }}

),

statuses as (

    select * from {{ ref('ctgov_overall_statuses') }}

),

final as (

    select
        days.*,
        case
            when days.overall_status = 'SUSPENDED' then 'STATUS_SUSPENDED'
            when days.overall_status = 'TERMINATED' then 'STATUS_TERMINATED'
            when days.overall_status = 'WITHDRAWN' then 'STATUS_WITHDRAWN'
            when days.overall_status = 'UNKNOWN' then 'STATUS_UNKNOWN'
            when days.last_seen_status = 'SUSPENDED' and now_status.is_open then 'STATUS_RESUMED'
            when then_status.is_terminal and now_status.is_open then 'STATUS_REVERTED'
            when
                days.last_seen_status = 'NOT_YET_RECRUITING'
                and days.overall_status in ('RECRUITING', 'ENROLLING_BY_INVITATION')
                then 'STATUS_OPENED'
            else 'STATUS_CHANGED'
        end as event_type

    from days
    left join statuses as now_status on days.overall_status = now_status.code
    left join statuses as then_status on days.last_seen_status = then_status.code
    where
        days.last_seen_date is not null
        and days.overall_status is distinct from days.last_seen_status

)

select * from final
