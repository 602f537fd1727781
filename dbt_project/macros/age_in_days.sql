{#-
    An age as the registry gives it ("18 Years", "6 Months", "36 Hours") in days: a year of 365.25, a month a
    twelfth of it. A text that is no such age gives NULL.
-#}
{% macro age_in_days(age) -%}
    try_cast(nullif(regexp_extract({{ age }}, '^([0-9]+) [A-Za-z]+$', 1), '') as double)
    * case lower(regexp_extract({{ age }}, '^[0-9]+ ([A-Za-z]+?)s?$', 1))
        when 'year' then 365.25
        when 'month' then 365.25 / 12
        when 'week' then 7
        when 'day' then 1
        when 'hour' then 1.0 / 24
        when 'minute' then 1.0 / 1440
    end
{%- endmacro %}
