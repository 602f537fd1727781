select
    versions.nct_id,
    versions.version_number,
    versions.source,
    versions.history_number,
    versions.clock,
    versions.dated_on,
    versions.last_day,
    versions.observed_after_date,
    versions.submitted_on,
    versions.posted_on,
    versions.known_from,
    versions.is_overruled,
    versions.content_hash,
    versions.overall_status,
    contents.* exclude (nct_id, content_hash, overall_status)

from {{ ref('fct_trial_versions').include(database=false) }} as versions
left join {{ ref('trial_contents').include(database=false) }} as contents
    on
        versions.nct_id = contents.nct_id
        and versions.content_hash = contents.content_hash
where versions.nct_id = trial
order by versions.version_number
