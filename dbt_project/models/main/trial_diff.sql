with

pairs_asked as (

    select
        was.nct_id,
        was.content_hash as from_content_hash,
        now.content_hash as to_content_hash

    from {{ ref('fct_trial_versions').include(database=false) }} as was
    inner join {{ ref('fct_trial_versions').include(database=false) }} as now on was.nct_id = now.nct_id
    where was.nct_id = trial and was.version_number = v1 and now.version_number = v2

),

{# No rows would say that nothing differs. #}
pairs_known as (

    select
        if(count(*) = 1, any_value(nct_id), error(trial || ' has no two such versions whose contents are known')) as nct_id,
        any_value(from_content_hash) as from_content_hash,
        any_value(to_content_hash) as to_content_hash

    from pairs_asked
    where from_content_hash is not null and to_content_hash is not null

),

pairs as (

    select * from pairs_known
    where nct_id is not null

),

{{ changes_between() }}

select * exclude (nct_id)
from changes
order by change_number
