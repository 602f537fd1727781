{#- The ids of the slice of trials that an incremental model is writing; all of them, where none is. -#}
{% macro in_slice(nct_id='nct_id') -%}
    {{ nct_id }} between coalesce(getvariable('first_nct_id'), '') and coalesce(getvariable('last_nct_id'), '~')
{%- endmacro %}

{#- Variables are a connection's own: dbt's other threads write other slices. -#}
{% macro begin_slice(slice) %}
    {%- do run_query("set variable first_nct_id = '" ~ slice['first_nct_id'] ~ "'") -%}
    {%- do run_query("set variable last_nct_id = '" ~ slice['last_nct_id'] ~ "'") -%}
{% endmacro %}

{% macro end_slices() %}
    {%- do run_query('reset variable first_nct_id') -%}
    {%- do run_query('reset variable last_nct_id') -%}
{% endmacro %}
