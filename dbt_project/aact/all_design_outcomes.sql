select
    nct_id,
    coalesce(string_agg(distinct measure, '|' order by measure), '') as names

from aact.design_outcomes
group by nct_id
