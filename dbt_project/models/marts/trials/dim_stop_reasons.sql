{#- Why trials stop, and how often those that were suspended for it went on, in both periods. -#}
with

reasons as (

    select * from {{ ref('stop_reasons') }}

),

odds as (

    select
        stop_reason,
        sum(suspended_count) as suspended_count,
        sum(restarted_within_90_days) as restarted_within_90_days,
        sum(restarted_within_180_days) as restarted_within_180_days,
        sum(restarted_within_365_days) as restarted_within_365_days,
        sum(resumed_within_365_days) as resumed_within_365_days

    from {{ ref('restart_odds') }}
    group by stop_reason

),

final as (

    select
        reasons.code as stop_reason,
        reasons.label as stop_reason_label,
        reasons.meaning as stop_reason_meaning,
        cast(odds.suspended_count as bigint) as suspended_count,
        odds.restarted_within_90_days / odds.suspended_count as share_restarted_within_90_days,
        odds.restarted_within_180_days / odds.suspended_count as share_restarted_within_180_days,
        odds.restarted_within_365_days / odds.suspended_count as share_restarted_within_365_days,
        odds.resumed_within_365_days / odds.suspended_count as share_resumed_within_365_days

    from reasons
    left join odds on reasons.code = odds.stop_reason

)

select * from final
