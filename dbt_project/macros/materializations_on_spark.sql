{#-
    On Spark every model is a table, made anew. Its SQL is handed over as it is written, for DuckDB, under a mark:
    `trialhouse.spark.session` translates what has it. A question with arguments (`trials_as_of`) is DuckDB's alone.
-#}
{% materialization table, adapter='spark', supported_languages=['sql'] %}
    {{ return(table_on_spark()) }}
{% endmaterialization %}

{% materialization view, adapter='spark', supported_languages=['sql'] %}
    {{ return(table_on_spark()) }}
{% endmaterialization %}

{% materialization incremental, adapter='spark', supported_languages=['sql'] %}
    {{ return(table_on_spark()) }}
{% endmaterialization %}

{% materialization table_function, adapter='spark', supported_languages=['sql'] %}
    {%- call noop_statement('main', 'none', 'none', 0) -%}{%- endcall -%}
    {{ return({'relations': []}) }}
{% endmaterialization %}

{% macro table_on_spark() %}
    {%- call statement('main') -%}
        create table {{ this }} as /* written for DuckDB */ {{ compiled_code }}
    {%- endcall -%}
    {{ return({'relations': [this]}) }}
{% endmacro %}
