{#- A date given in full, yyyy-MM-dd; any other text, which DuckDB might bend to fit, is none. -#}
{% macro full_date(text) -%}
    case when regexp_full_match({{ text }}, '[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}') then try_cast({{ text }} as date) end
{%- endmacro %}
