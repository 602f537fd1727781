{#-
    dbt makes a table or a view beside the old one, renames it and drops the old. Every build here writes a file that
    nobody else has open: one statement each, which halves what the build of a small registry costs.
-#}
{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
    {%- do drop_former(load_cached_relation(this)) -%}
    {%- call statement('main') -%}
        {{ create_table_as(False, this, compiled_code) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [this]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb', supported_languages=['sql'] %}
    {%- do drop_former(load_cached_relation(this)) -%}
    {%- call statement('main') -%}
        {{ create_view_as(this, compiled_code) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [this]}) }}
{% endmaterialization %}

{#-
    A table with a trial's rows from that trial's record alone, sorted by its grain. In a file that holds the table, the
    rows of the trials that changed are replaced; in a new file all trials have changed. It is written slice by slice of
    the trials (`in_slice`), so that memory does not grow with the registry.
-#}
{% materialization incremental, adapter='duckdb', supported_languages=['sql'] %}
    {%- if load_cached_relation(this) is none -%}
        {%- call statement('main') -%}
            {{ create_table_as(False, this, 'select * from (' ~ compiled_code ~ ') limit 0') }}
        {%- endcall -%}
    {%- else -%}
        {%- call statement('main') -%}
            delete from {{ this }} where nct_id in (from {{ source('raw', 'raw_ctgov__trials_changed') }} select nct_id)
        {%- endcall -%}
    {%- endif -%}
    {%- for slice in run_query('from ' ~ source('raw', 'raw_ctgov__slices') ~ ' order by all') -%}
        {%- do begin_slice(slice) -%}
        {%- call statement('main') -%}
            insert into {{ this }} by name
            select * from ({{ compiled_code }}) order by {{ config.require('meta')['grain'] | join(', ') }}
        {%- endcall -%}
    {%- endfor -%}
    {%- do end_slices() -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [this]}) }}
{% endmaterialization %}

{% macro drop_former(relation) %}
    {%- if relation is not none -%}
        {%- do adapter.drop_relation(relation) -%}
    {%- endif -%}
{% endmacro %}
