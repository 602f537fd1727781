select
    nct_id,
    coalesce(string_agg(distinct mesh_term, '|' order by mesh_term), '') as names

from aact.browse_conditions
group by nct_id
