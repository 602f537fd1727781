select
    nct_id,
    coalesce(string_agg(distinct id_value, '|' order by id_value), '') as names

from aact.id_information
group by nct_id
