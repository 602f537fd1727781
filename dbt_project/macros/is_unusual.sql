{#-
    Whether a count is outside the range of its own last 28 days by more than chance would have it: by a tenth, by three
    roots of the bound (a count of independent things varies by its root), and by five. Not judged before five days.
    Set 2026-11-23.
-#}
{% macro is_unusual(counted, days_before, least_before, most_before) -%}
    {{ days_before }} >= 5
    and (
        {{ counted }} > {{ most_before }}
        + greatest(0.1 * {{ most_before }}, 3 * sqrt(greatest({{ most_before }}, 0)), 5)
        or {{ counted }} < {{ least_before }}
        - greatest(0.1 * {{ least_before }}, 3 * sqrt(greatest({{ least_before }}, 0)), 5)
    )
{%- endmacro %}
