-- Every key of a fact, and the lead sponsor and stop reason of every trial, is found in its dimension.
{% set keys = [
    ('dim_trials', 'lead_sponsor_key', 'dim_sponsors', 'sponsor_key'),
    ('dim_trials', 'stop_reason', 'dim_stop_reasons', 'stop_reason'),
    ('fct_status_history', 'stop_reason', 'dim_stop_reasons', 'stop_reason'),
    ('fct_trial_sponsors', 'sponsor_key', 'dim_sponsors', 'sponsor_key'),
    ('fct_trial_conditions', 'condition_key', 'dim_conditions', 'condition_key'),
    ('fct_trial_interventions', 'intervention_key', 'dim_interventions', 'intervention_key'),
    ('fct_trial_sites', 'site_key', 'dim_sites', 'site_key'),
] %}
{% for table, key, dimension, dimension_key in keys %}
select
    '{{ table }}' as table_name,
    {{ key }} as missing_key
from {{ ref(table) }} as rows_with_key
anti join {{ ref(dimension) }} as dimension
    on rows_with_key.{{ key }} = dimension.{{ dimension_key }}
where rows_with_key.{{ key }} is not null
{{ "union all" if not loop.last }}
{% endfor %}
