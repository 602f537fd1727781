select
    nct_id,
    coalesce(string_agg(mesh_term, '|' order by mesh_term), '') as names

from aact.browse_interventions
group by nct_id
