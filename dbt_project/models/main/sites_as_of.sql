select
    nct_id,
    site_number,
    site.facility as facility,
    site.city as city,
    site.state as state,
    site.zip as zip,
    site.country as country,
    site.status as site_status,
    site.latitude as latitude,
    site.longitude as longitude,
    content_hash

from (
    select
        trials.nct_id,
        trials.content_hash,
        unnest(lists.sites) as site,
        generate_subscripts(lists.sites, 1) as site_number

    from {{ ref('trials_as_of').include(database=false) }}(day, known_at) as trials
    inner join {{ ref('trial_lists').include(database=false) }} as lists
        on trials.nct_id = lists.nct_id and trials.content_hash = lists.content_hash
)
