select
    aact.row_id('facilities', sites.nct_id, sites.site_number) as id,
    sites.nct_id,
    sites.site_status as status,
    sites.facility as name,
    sites.city,
    sites.state,
    sites.zip,
    sites.country,
    sites.latitude,
    sites.longitude

from marts.fct_trial_sites as sites
semi join marts.dim_trials as trials on sites.nct_id = trials.nct_id and trials.is_in_registry
