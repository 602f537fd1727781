-- Every fact speaks of a trial that dim_trials knows.
{% set facts = [
    'fct_status_history', 'fct_trial_arms', 'fct_trial_conditions', 'fct_trial_events',
    'fct_trial_interventions', 'fct_trial_sites', 'fct_trial_sponsors',
] %}
{% for fact in facts %}
select
    '{{ fact }}' as fact,
    nct_id
from {{ ref(fact) }} as fact
anti join {{ ref('dim_trials') }} as trials on fact.nct_id = trials.nct_id
{{ "union all" if not loop.last }}
{% endfor %}
