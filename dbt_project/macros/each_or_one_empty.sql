{#-
    Two columns of a select list: the items of a list and their numbers from 1. A list without items gives one row
    without an item, numbered 0, so that what stands above it is not lost.
-#}
{% macro each_or_one_empty(items, item, number) -%}
    unnest(coalesce(nullif({{ items }}, []), [null])) as {{ item }},
        generate_subscripts(coalesce(nullif({{ items }}, []), [null]), 1)
        - cast(coalesce(len({{ items }}), 0) = 0 as bigint) as {{ number }}
{%- endmacro %}
