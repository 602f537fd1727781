{#-
    No two rows share the columns of the stated grain. Of an incremental model only trials that this build wrote are
    looked at: all of them in a new file, and no other build has touched the others since they were.
-#}
{% test unique_grain(model, columns) %}
{%- set changed = source('raw', 'raw_ctgov__trials_changed') -%}
{%- set nodes = graph.nodes.values() | selectattr('name', 'equalto', model.identifier) if execute else [] -%}
{%- set is_incremental = nodes | map(attribute='config.materialized') | first == 'incremental' -%}
select {{ columns | join(', ') }}, count(*) as rows_count
from {{ model }}
{%- if is_incremental %}
where nct_id in (select nct_id from {{ changed }})
{%- endif %}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
