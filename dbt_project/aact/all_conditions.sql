select
    nct_id,
    coalesce(string_agg(distinct name, '|' order by name), '') as names

from aact.conditions
group by nct_id
