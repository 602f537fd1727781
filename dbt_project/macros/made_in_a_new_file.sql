{#-
    dbt makes a table or a view beside the old one, renames it and drops the old. Every build here writes a new file, in
    which there is no old one: one statement each, which halves what the build of a small registry costs.
-#}
{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
    {%- call statement('main') -%}
        {{ create_table_as(False, this, compiled_code) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [this]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb', supported_languages=['sql'] %}
    {%- call statement('main') -%}
        {{ create_view_as(this, compiled_code) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [this]}) }}
{% endmaterialization %}
