select
    nct_id,
    coalesce(string_agg(distinct name, '|' order by name), '') as names

from aact.countries
where removed is not true
group by nct_id
