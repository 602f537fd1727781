{#- The changes that our snapshots saw, as far as events are made of them. -#}
select
    followed.nct_id,
    followed.snapshot_date,
    followed.said_on,
    followed.is_silent,
    followed.from_content_hash,
    followed.to_content_hash,
    changes.* exclude (nct_id, from_content_hash, to_content_hash)

from {{ ref('int_contents_followed') }} as followed
inner join {{ ref('trial_content_changes') }} as changes
    on
        followed.nct_id = changes.nct_id
        and followed.from_content_hash = changes.from_content_hash
        and followed.to_content_hash = changes.to_content_hash
where
    changes.materiality in ('MAJOR', 'MINOR')
    or changes.kind = 'REFERENCE'
    or changes.field = 'lead_sponsor_name'
