select
    nct_id,
    coalesce(string_agg(distinct city, '|' order by city), '') as names

from aact.facilities
group by nct_id
