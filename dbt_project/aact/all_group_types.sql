select
    nct_id,
    coalesce(string_agg(distinct group_type, '|' order by group_type), '') as names

from aact.design_groups
group by nct_id
