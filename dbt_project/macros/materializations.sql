{#-
    dbt makes a table or a view beside the old one, renames it and drops the old. Every build here writes a file that
    nobody else has open: one statement each, which halves what the build of a small registry costs.
-#}
{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
    {%- do drop_former(load_cached_relation(this)) -%}
    {%- call statement('main') -%}
        {{ create_table_as(False, this, by_grain(compiled_code)) }}
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
    A table with a trial's rows from that trial's record alone. In a file that holds the table, the rows of the trials
    that changed are replaced (`unique_key` nct_id), or the versions that it lacks are added (nct_id, content_hash); in
    a new file all have changed. It is written batch by batch of the trials (`in_batch`), so that memory does not grow
    with the registry.
-#}
{% materialization incremental, adapter='duckdb', supported_languages=['sql'] %}
    {%- set is_new = load_cached_relation(this) is none -%}
    {%- if not is_new -%}
        {%- call statement('main') -%}
            delete from {{ this }} where {{ is_of_what_changed(config.get('unique_key')) }}
        {%- endcall -%}
    {%- endif -%}
    {%- for batch in run_query('from ' ~ source('raw', 'raw_ctgov__batches') ~ ' order by all') -%}
        {%- do begin_batch(batch) -%}
        {%- call statement('main') -%}
            {%- if is_new and loop.first -%}
                {{ create_table_as(False, this, by_grain(compiled_code)) }}
            {%- else -%}
                insert into {{ this }} by name {{ by_grain(compiled_code) }}
            {%- endif -%}
        {%- endcall -%}
    {%- endfor -%}
    {%- do end_batches() -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [this]}) }}
{% endmaterialization %}

{#-
    A question with arguments whose answer is a table: `from trials_as_of('2026-03-01')`. An argument with a default may
    be left out, which is a shape of its own that asks the whole one, because DuckDB 1.2 knows no defaults by position.
-#}
{% materialization table_function, adapter='duckdb', supported_languages=['sql'] %}
    {%- set arguments = config.require('meta')['arguments'] -%}
    {%- set given = arguments.items() | selectattr(1, 'none') | map(attribute=0) | list -%}
    {%- set create = 'create or replace macro ' ~ this.include(database=false) -%}
    {%- set whole -%}
        ({{ arguments.keys() | join(', ') }}) as table ({{ compiled_code }})
    {%- endset -%}
    {%- call statement('main') -%}
        {{ create }}{{ whole }}
    {%- endcall -%}
    {%- if given | length < arguments | length -%}
        {%- set asked = [] -%}
        {%- for name, default in arguments.items() -%}
            {%- do asked.append(default or name) -%}
        {%- endfor -%}
        {%- call statement('short') -%}
            {{ create }}({{ given | join(', ') }}) as table (from {{ this.identifier }}({{ asked | join(', ') }})), {{ whole }}
        {%- endcall -%}
    {%- endif -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': []}) }}
{% endmaterialization %}

{#- What is published lies sorted, so that a trial's rows are read without the others'. -#}
{% macro by_grain(sql) -%}
    {%- set grain = config.require('meta')['grain'] if this.database == 'build' else [] -%}
    {%- if grain -%}
        select * from ({{ sql }}) order by {{ grain | join(', ') }}
    {%- else -%}
        {{ sql }}
    {%- endif -%}
{%- endmacro %}

{#-
    Before a published file is updated: tables that are made anew go first, so that the new ones take their place in the
    file; dropped one by one, they would leave it larger by all of them.
-#}
{% macro drop_what_is_made_anew() %}
    {%- if execute and target.type == 'duckdb' and flags.WHICH in ('build', 'run') -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
            {%- if node.database == 'build' and node.config.materialized == 'table' -%}
                {%- do run_query('drop table if exists ' ~ node.relation_name) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do adapter.commit() -%}
        {%- do run_query('checkpoint build') -%}
        {%- do adapter.commit() -%}
    {%- endif -%}
{% endmacro %}

{% macro drop_former(relation) %}
    {%- if relation is not none -%}
        {%- do adapter.drop_relation(relation) -%}
    {%- endif -%}
{% endmacro %}
