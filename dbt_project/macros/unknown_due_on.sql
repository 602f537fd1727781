{#-
    The last day on which an open trial can stand unverified before the registry calls it UNKNOWN: the end of the month two
    years after its last verification, or its completion, whichever is later. Without a verification nobody knows.
-#}
{% macro unknown_due_on(overall_status, verified_on, completed_on) -%}
case
    when
        {{ overall_status }} in ('RECRUITING', 'NOT_YET_RECRUITING', 'ACTIVE_NOT_RECRUITING')
        and {{ verified_on }} is not null
        then greatest(last_day({{ verified_on }} + interval 2 years), {{ completed_on }})
end
{%- endmacro %}
