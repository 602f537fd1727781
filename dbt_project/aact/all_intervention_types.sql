select
    nct_id,
    coalesce(string_agg(intervention_type, '|' order by intervention_type), '') as names

from aact.interventions
group by nct_id
