select
    nct_id,
    snapshot_date,
    last_seen_date,
    last_seen_content_hash as from_content_hash,
    content_hash as to_content_hash,
    coalesce(last_update_submitted_on, snapshot_date) as said_on,
    (last_update_posted_on is not distinct from last_seen_posted_on) as is_silent

from {{ ref('int_trial_stretches') }}
where last_seen_content_hash <> content_hash
