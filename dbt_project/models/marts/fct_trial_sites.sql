with

trials as (

    select * from {{ ref('int_trials_located_in_time') }}

),

sites as (

    select * from {{ ref('stg_ctgov__locations') }}

),

final as (

    select
        sites.nct_id,
        sites.site_number,
        case
            when sites.facility is not null
                then {{ surrogate_key([
                    normalised_name('sites.facility'), normalised_name('sites.city'),
                    normalised_name('sites.state'), normalised_name('sites.zip'),
                    normalised_name('sites.country'),
                ]) }}
            else {{ surrogate_key(['sites.nct_id', 'cast(sites.site_number as varchar)']) }}
        end as site_key,
        sites.facility,
        sites.city,
        sites.state,
        sites.zip,
        sites.country,
        sites.site_status,
        sites.latitude,
        sites.longitude

    from sites
    inner join trials
        on
            sites.nct_id = trials.nct_id
            and sites.content_hash = trials.content_hash

)

select * from final
