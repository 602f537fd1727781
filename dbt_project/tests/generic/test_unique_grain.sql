{#-
    No two rows share the columns of the stated grain. Of a model of trials or of their contents only what this build
    wrote is looked at: everything in a new file, and no other build has touched the rest since.
-#}
{% test unique_grain(model, columns) %}
{%- set nodes = graph.nodes.values() if execute else [] -%}
{%- set configs = nodes | selectattr('name', 'equalto', model.identifier) | map(attribute='config') | list -%}
{%- set model_config = configs[0] if configs else {} -%}
select {{ columns | join(', ') }}, count(*) as rows_count
from {{ model }}
{%- if model_config.get('materialized') == 'incremental' and 'from_content_hash' not in columns %}
where {{ is_of_what_changed(model_config.get('unique_key')) }}
{%- endif %}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
