-- Every fact speaks of a trial that dim_trials knows.
{% set facts = [
    'fct_adverse_events', 'fct_baseline_measurements', 'fct_baseline_measures',
    'fct_outcome_analyses', 'fct_outcome_measurements', 'fct_participant_flow',
    'fct_planned_outcomes', 'fct_result_denominators', 'fct_result_groups', 'fct_result_outcomes',
    'fct_result_submissions', 'fct_status_history', 'fct_trial_arms', 'fct_trial_conditions',
    'fct_trial_countries', 'fct_trial_criteria', 'fct_trial_documents', 'fct_trial_events',
    'fct_trial_identifiers', 'fct_trial_interventions', 'fct_trial_links', 'fct_trial_mesh_terms',
    'fct_trial_references', 'fct_trial_sites', 'fct_trial_sponsors', 'fct_unposted_result_events',
    'fct_violation_events', 'fct_trial_contacts', 'rpt_similar_trials',
] %}
with

trials as materialized (

    select nct_id from {{ ref('dim_trials') }}

)

{% for fact in facts %}
select
    '{{ fact }}' as fact,
    nct_id
from {{ ref(fact) }} as fact
anti join trials on fact.nct_id = trials.nct_id
{{ "union all" if not loop.last }}
{% endfor %}
