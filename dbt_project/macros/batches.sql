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

{#-
    Whether a row of an incremental model is replaced or added by this build, by its `unique_key`; of what follows from
    two contents, whether they follow each other no more.
-#}
{% macro is_of_what_changed(unique_key) -%}
{%- if unique_key == ['nct_id', 'content_hash'] -%}
    (nct_id, content_hash) in (select (nct_id, content_hash) from {{ source('raw', 'raw_ctgov__versions_changed') }})
{%- elif unique_key == ['nct_id', 'from_content_hash', 'to_content_hash'] -%}
    (nct_id, from_content_hash, to_content_hash) not in (
        select (nct_id, unnest([previous_content_hash, last_seen_content_hash]), content_hash)
        from {{ adapter.get_relation('build', 'marts', 'fct_trial_versions') }}
        where content_hash is not null
    )
{%- else -%}
    nct_id in (select nct_id from {{ source('raw', 'raw_ctgov__trials_changed') }})
{%- endif -%}
{%- endmacro %}
