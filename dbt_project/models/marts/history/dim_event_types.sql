{#- The types of fct_trial_events. -#}
select
    event_type,
    severity,
    label,
    meaning

from {{ ref('event_types') }}
