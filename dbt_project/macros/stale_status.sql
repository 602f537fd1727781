{#-
    Whether an open trial's status was not verified for a year, or its primary completion, still planned, passed more than
    30 days ago: it may be over without anybody having said so. `recorded` is a table of the caller.
-#}
{% macro is_status_stale(today) -%}
coalesce(
    recorded.overall_status in ('RECRUITING', 'NOT_YET_RECRUITING', 'ACTIVE_NOT_RECRUITING')
    and (
        coalesce(date_diff('day', recorded.status_verified_date_last_day, {{ today }}) > 365, false)
        or coalesce(
            recorded.primary_completion_date_type is distinct from 'ACTUAL'
            and recorded.primary_completion_date_last_day < {{ today }} - 30,
            false
        )
    ),
    false
)
{%- endmacro %}

{#- Whether a status says that a trial goes on whose dates are all past (as the FDAAA trials tracker counts it). -#}
{% macro is_status_behind_dates(today) -%}
coalesce(
    recorded.overall_status in (
        'RECRUITING', 'NOT_YET_RECRUITING', 'ACTIVE_NOT_RECRUITING', 'ENROLLING_BY_INVITATION', 'SUSPENDED', 'UNKNOWN'
    )
    and recorded.completion_date_last_day < {{ today }}
    and coalesce(recorded.primary_completion_date_last_day < {{ today }}, true),
    false
)
{%- endmacro %}
