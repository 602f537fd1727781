select
    nct_id,
    coalesce(string_agg(affiliation, '|' order by affiliation), '') as names

from aact.overall_officials
group by nct_id
