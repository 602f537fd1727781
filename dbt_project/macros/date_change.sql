{#-
    How a date moved. Dates are the days that their texts can mean: one within the other is another precision, no move. A
    plan that moves is MOVED_LATER or MOVED_EARLIER; a plan that came true, REALISED; one that was true and is a plan
    again, REOPENED; whatever was no plan, CORRECTED.
-#}
{% macro date_change(was, now) -%}
case
    when {{ was }}.text is null then 'ADDED'
    when {{ now }}.text is null then 'REMOVED'
    when {{ was }}.type = 'ESTIMATED' and {{ now }}.type = 'ACTUAL' then 'REALISED'
    when {{ was }}.type = 'ACTUAL' and {{ now }}.type = 'ESTIMATED' then 'REOPENED'
    when {{ one_is_within_the_other(was, now) }} then if({{ was }}.text = {{ now }}.text, 'CHANGED', 'PRECISION_CHANGED')
    when coalesce({{ was }}.type, '') <> 'ESTIMATED' or coalesce({{ now }}.type, '') <> 'ESTIMATED' then 'CORRECTED'
    when {{ now }}.last_day > {{ was }}.last_day then 'MOVED_LATER'
    when {{ now }}.last_day < {{ was }}.last_day then 'MOVED_EARLIER'
    else 'CORRECTED'
end
{%- endmacro %}

{#- How many days later than planned it came true; none where the day lies within the plan or holds it. -#}
{% macro days_realised(was, now) -%}
if({{ one_is_within_the_other(was, now) }}, 0, date_diff('day', {{ was }}.last_day, {{ now }}.last_day))
{%- endmacro %}

{% macro one_is_within_the_other(was, now) -%}
(
    ({{ was }}.first_day >= {{ now }}.first_day and {{ was }}.last_day <= {{ now }}.last_day)
    or ({{ was }}.first_day <= {{ now }}.first_day and {{ was }}.last_day >= {{ now }}.last_day)
)
{%- endmacro %}
