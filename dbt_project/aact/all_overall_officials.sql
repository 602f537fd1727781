select
    nct_id,
    coalesce(string_agg(name, '|' order by name), '') as names

from aact.overall_officials
group by nct_id
