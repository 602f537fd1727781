-- A presence row whose version is missing would drop out of every mart without a trace.
select
    changes.nct_id,
    changes.snapshot_date,
    changes.content_hash
from {{ ref('stg_ctgov__presence_changes') }} as changes
anti join {{ ref('int_trial_stretches') }} as stretches
    on changes.nct_id = stretches.nct_id and changes.snapshot_date = stretches.snapshot_date
where changes.content_hash is not null
