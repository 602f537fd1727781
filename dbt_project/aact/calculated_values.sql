-- One row a trial, worked out from the other tables. A month is 30 days, cut off towards zero.
with

events as (

    select
        nct_id,
        sum(participants_affected) filter (where seriousness = 'SERIOUS') as serious_subjects,
        sum(participants_affected) filter (where seriousness = 'OTHER') as other_subjects

    from marts.fct_adverse_events
    group by nct_id

),

-- The United States and their territories in every spelling of the registry.
us_countries as (

    select [
        'United States', 'Guam', 'Puerto Rico', 'U.S. Virgin Islands', 'Virgin Islands (U.S.)',
        'Northern Mariana Islands', 'American Samoa', 'Midway Atoll', 'Palmyra Atoll', 'Baker Island',
        'Howland Island', 'Jarvis Island', 'Johnston Atoll', 'Kingman Reef', 'Wake Island',
        'Navassa Island', 'Serranilla Bank', 'Bajo Nuevo Bank', 'United States Minor Outlying Islands'
    ] as names

),

final as (

    select
        aact.row_id('calculated_values', trials.nct_id, 1) as id,
        trials.nct_id,
        trials.sites_count as number_of_facilities,
        cast(events.other_subjects as bigint) as number_of_nsae_subjects,
        cast(events.serious_subjects as bigint) as number_of_sae_subjects,
        year(trials.first_submitted_on) as registered_in_calendar_year,
        cast(null as date) as nlm_download_date,
        case
            when
                coalesce(trials.primary_completion_date_type, '') != 'ESTIMATED'
                and coalesce(trials.start_date_type, '') != 'ESTIMATED'
                then cast(trunc(
                    (trials.primary_completion_date_last_day - trials.start_date_last_day) / 30
                ) as bigint)
        end as actual_duration,
        trials.nct_id in (select outcomes.nct_id from marts.fct_result_outcomes as outcomes)
            as were_results_reported,
        cast(trunc(
            (trials.results_first_submitted_on - trials.primary_completion_date_last_day) / 30
        ) as bigint) as months_to_report_results,
        case
            when trials.sites_count > 0
                then coalesce(list_has_any(trials.countries, us_countries.names), false)
        end as has_us_facility,
        case when trials.sites_count > 0 then trials.sites_count = 1 end as has_single_facility,
        try_cast(split_part(trials.minimum_age_text, ' ', 1) as bigint) as minimum_age_num,
        try_cast(split_part(trials.maximum_age_text, ' ', 1) as bigint) as maximum_age_num,
        lower(regexp_extract(trials.minimum_age_text, '(\S+?)s?$', 1)) as minimum_age_unit,
        lower(regexp_extract(trials.maximum_age_text, '(\S+?)s?$', 1)) as maximum_age_unit,
        nullif(trials.primary_outcomes_count, 0) as number_of_primary_outcomes_to_measure,
        nullif(trials.secondary_outcomes_count, 0) as number_of_secondary_outcomes_to_measure,
        nullif(trials.other_outcomes_count, 0) as number_of_other_outcomes_to_measure

    from marts.dim_trials as trials
    left join events on trials.nct_id = events.nct_id
    cross join us_countries
    where trials.is_in_registry

)

select * from final
