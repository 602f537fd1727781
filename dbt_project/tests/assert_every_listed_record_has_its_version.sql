-- A presence row whose version is missing would drop out of every mart without a trace.
select
    presence.nct_id,
    presence.snapshot_date,
    presence.content_hash
from {{ ref('stg_ctgov__presence') }} as presence
anti join {{ ref('int_trial_days_compared') }} as days
    on presence.nct_id = days.nct_id and presence.snapshot_date = days.snapshot_date
