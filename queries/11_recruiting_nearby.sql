-- Question 11: Where are all recruiting trials for condition Z within 100 km of a point?
--
-- A row is one site of a trial that recruits, the nearest first; a trial with several sites near has
-- several rows. Sites that the record calls anything but recruiting are left out; where it gives no status
-- the trial's counts.
-- It does not say how far the building is: the registry places a site in the middle of its city, and a site
-- it could not place is missing. The distance is that of the great circle, not of the road.
--
-- Columns:
--   distance_km        DOUBLE   from the point, along the great circle
--   nct_id             VARCHAR  trial
--   brief_title        VARCHAR  short title
--   phase_label        VARCHAR  phases in plain words
--   lead_sponsor_name  VARCHAR  lead sponsor
--   facility           VARCHAR  site as given
--   city               VARCHAR  city
--   country            VARCHAR  country
--   site_status        VARCHAR  RECRUITING; NULL: not given

with

parameters as (

    select
        '%cancer%' as condition,  -- a condition or a MeSH term in any case, % for any words
        42.36 as latitude,  -- Boston
        -71.06 as longitude,
        100 as kilometres,
        6371.0088 as earth_radius

),

recruiting as (

    select
        nct_id,
        brief_title,
        phase_label,
        lead_sponsor_name

    from marts.dim_trials
    where overall_status = 'RECRUITING' and is_in_registry

),

measured as (

    select
        sites.nct_id,
        sites.site_number,
        sin(radians(sites.latitude - parameters.latitude) / 2) as half_chord_north,
        sin(radians(sites.longitude - parameters.longitude) / 2) as half_chord_east,
        half_chord_north ^ 2
        + cos(radians(sites.latitude)) * cos(radians(parameters.latitude)) * half_chord_east ^ 2
            as haversine,
        2 * parameters.earth_radius * asin(sqrt(least(haversine, 1))) as distance_km

    from marts.fct_trial_sites as sites
    cross join parameters
    where
        (sites.site_status = 'RECRUITING' or sites.site_status is null)
        -- no point is nearer than it lies north or south
        and abs(sites.latitude - parameters.latitude)
        <= degrees(parameters.kilometres / parameters.earth_radius)

),

near as materialized (

    select measured.*
    from measured
    semi join recruiting on measured.nct_id = recruiting.nct_id
    cross join parameters
    where measured.distance_km <= parameters.kilometres

),

named as (

    select
        nct_id,
        condition_name as condition

    from marts.fct_trial_conditions
    where nct_id in (select nct_id from near)
    union all
    select
        nct_id,
        mesh_term as condition

    from marts.fct_trial_mesh_terms
    where
        subject = 'CONDITION'
        and relation in ('TERM', 'ANCESTOR')
        and nct_id in (select nct_id from near)

),

trials_in_area as (

    select distinct named.nct_id
    from named
    cross join parameters
    where named.condition ilike parameters.condition

),

final as (

    select
        round(near.distance_km, 1) as distance_km,
        near.nct_id,
        recruiting.brief_title,
        recruiting.phase_label,
        recruiting.lead_sponsor_name,
        sites.facility,
        sites.city,
        sites.country,
        sites.site_status

    from near
    inner join marts.fct_trial_sites as sites
        on near.nct_id = sites.nct_id and near.site_number = sites.site_number
    inner join recruiting on near.nct_id = recruiting.nct_id
    semi join trials_in_area on near.nct_id = trials_in_area.nct_id

)

select * from final
order by distance_km, nct_id, facility
