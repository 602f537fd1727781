select
    nct_id,
    coalesce(string_agg(name, '|' order by name), '') as names

from aact.facilities
group by nct_id
