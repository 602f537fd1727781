with

pairs as (

    select
        was.nct_id,
        was.content_hash as from_content_hash,
        now.content_hash as to_content_hash

    from {{ ref('fct_trial_versions').include(database=false) }} as was
    inner join {{ ref('fct_trial_versions').include(database=false) }} as now on was.nct_id = now.nct_id
    where was.nct_id = trial and was.version_number = v1 and now.version_number = v2

),

{{ changes_between() }}

select * exclude (nct_id)
from changes
order by change_number
