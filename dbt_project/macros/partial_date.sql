{#-
    A date the registry gives as yyyy, yyyy-MM or yyyy-MM-dd, in column `name_text`, becomes the first and the last
    day it can mean and its precision. A text that is no date gives none of the three.
-#}
{% macro partial_date(name) -%}
{%- set text = name ~ '_text' -%}
{%- set first_day = full_date(text ~ " || case length(" ~ text ~ ") when 4 then '-01-01' when 7 then '-01' else '' end") -%}
    {{ first_day }} as {{ name }},
    cast(case length({{ text }})
        when 4 then {{ first_day }} + interval 1 year - interval 1 day
        when 7 then {{ first_day }} + interval 1 month - interval 1 day
        when 10 then {{ first_day }}
    end as date) as {{ name }}_last_day,
    case when {{ first_day }} is not null then
        case length({{ text }}) when 4 then 'year' when 7 then 'month' when 10 then 'day' end
    end as {{ name }}_precision
{%- endmacro %}
