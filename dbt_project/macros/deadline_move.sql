{#-
    Whether the date that results are counted from (primary completion, or completion where there is none) moved later when
    results were due within 60 days or overdue: `was` and `now` are contents, `field` which date moved.
-#}
{% macro is_pre_deadline_move(was, now, field, said_on) -%}
coalesce(
    {{ field }} = if({{ was }}.primary_completion_date_last_day is null, 'completion_date', 'primary_completion_date')
    and coalesce({{ now }}.primary_completion_date_last_day, {{ now }}.completion_date_last_day)
    > coalesce({{ was }}.primary_completion_date_last_day, {{ was }}.completion_date_last_day)
    and {{ said_on }} >= if(
        {{ was }}.disposition_first_submitted_on is null,
        coalesce({{ was }}.primary_completion_date_last_day, {{ was }}.completion_date_last_day) + interval 365 days,
        coalesce({{ was }}.primary_completion_date_last_day, {{ was }}.completion_date_last_day) + interval 3 years
    ) - interval 60 days,
    false
)
{%- endmacro %}

{#- Whether a start before registration became one after it (Holst and Carlisle, Trials 2024). -#}
{% macro is_retroactively_prospective(was, now, field, launch) -%}
coalesce(
    {{ field }} = 'start_date'
    and {{ launch }}.is_registration_known
    and {{ launch }}.registered_start_date < {{ launch }}.first_submitted_on
    and {{ was }}.start_date_last_day < {{ launch }}.first_submitted_on
    and {{ now }}.start_date >= {{ launch }}.first_submitted_on,
    false
)
{%- endmacro %}

{#- One of a row's three dates, by the name of its field. -#}
{% macro date_of_field(field, start, primary_completion, completion) -%}
case {{ field }}
    when 'start_date' then {{ start }}
    when 'primary_completion_date' then {{ primary_completion }}
    else {{ completion }}
end
{%- endmacro %}

{#-
    The columns that measure a date of `changes` from its anchors, beside the contents `was` and `now` and the trial's
    `launch`; version_number: which version of the trial the change made. A table joined there that has a column of one
    of these names would hide it.
-#}
{% macro anchors_of_move(version_number) -%}
        launch.is_registration_known,
        {{ date_of_field(
            'changes.field', 'now.start_date_last_day', 'now.primary_completion_date_last_day',
            'now.completion_date_last_day'
        ) }} as planned_on,
        {{ date_of_field(
            'changes.field', 'launch.first_start_date', 'launch.first_primary_completion_date',
            'launch.first_completion_date'
        ) }} as planned_first_on,
        if(launch.launch_version_number >= {{ version_number }}, null, {{ date_of_field(
            'changes.field', 'launch.launch_start_date', 'launch.launch_primary_completion_date',
            'launch.launch_completion_date'
        ) }}) as planned_at_launch_on,
        date_diff('day', planned_first_on, planned_on) as days_since_first,
        date_diff('day', planned_at_launch_on, planned_on) as days_since_launch,
        {{ is_pre_deadline_move('was', 'now', 'changes.field', 'changes.said_on') }} as is_pre_deadline_move,
        {{ is_retroactively_prospective('was', 'now', 'changes.field', 'launch') }}
            as is_retroactively_prospective
{%- endmacro %}
