{#- The ids of the batch of trials that an incremental model is writing; all of them, where none is. -#}
{% macro in_batch() -%}
    nct_id between coalesce(getvariable('first_nct_id'), '') and coalesce(getvariable('last_nct_id'), '~')
{%- endmacro %}

{#- Variables are a connection's own: dbt's other threads write other batches. -#}
{% macro begin_batch(batch) %}
    {%- do run_query("set variable first_nct_id = '" ~ batch['first_nct_id'] ~ "'") -%}
    {%- do run_query("set variable last_nct_id = '" ~ batch['last_nct_id'] ~ "'") -%}
{% endmacro %}

{% macro end_batches() %}
    {%- do run_query('reset variable first_nct_id') -%}
    {%- do run_query('reset variable last_nct_id') -%}
{% endmacro %}
