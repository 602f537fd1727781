select
    nct_id,
    coalesce(string_agg(distinct state, '|' order by state), '') as names

from aact.facilities
group by nct_id
