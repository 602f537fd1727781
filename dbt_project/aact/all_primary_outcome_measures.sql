select
    nct_id,
    coalesce(string_agg(distinct measure, '|' order by measure), '') as names

from aact.design_outcomes
where outcome_type = 'primary'
group by nct_id
