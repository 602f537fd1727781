{#-
    The lists that a page about a trial shows, each as one nested column. A view: it costs nothing until it is asked,
    and then only the trials asked for. Without a database in its names, because the file is renamed when published.
-#}
with

mapped as (

    select * from {{ ref('rpt_code_words').include(database=false) }}

),

treatments as (

    select
        nct_id,
        list({
            'intervention_number': intervention_number,
            'type_label': {{ label_of('intervention_type', 'intervention_type') }},
            'intervention_name': intervention_name,
            'description': {{ plain_text('intervention_description') }},
            'other_names': other_names
        } order by intervention_number) as treatments

    from {{ ref('fct_trial_interventions').include(database=false) }}
    cross join mapped
    group by nct_id

),

arms as (

    select
        arms.nct_id,
        list({
            'arm_label': arms.arm_label,
            'type_label': {{ label_of('arm_group_type', 'arms.arm_type') }},
            'description': {{ plain_text('arms.arm_description') }},
            'treatments': coalesce(list_filter(
                treatments.treatments,
                lambda treatment: list_contains(arms.intervention_numbers, treatment.intervention_number)
            ), [])
        } order by arms.arm_number) as arms

    from {{ ref('fct_trial_arms').include(database=false) }} as arms
    left join treatments on arms.nct_id = treatments.nct_id
    cross join mapped
    group by arms.nct_id

),

sponsors as (

    select
        nct_id,
        list({
            'sponsor_name': sponsor_name,
            'sponsor_role': sponsor_role,
            'class_label': {{ label_of('agency_class', 'sponsor_class') }}
        } order by sponsor_number) as sponsors

    from {{ ref('fct_trial_sponsors').include(database=false) }}
    cross join mapped
    group by nct_id

),

identifiers as (

    select
        nct_id,
        list({
            'identifier': identifier,
            'identifier_source': identifier_source,
            'type_label': {{ label_of('secondary_id_type', 'identifier_type') }}
        } order by identifier_source, identifier_number) as identifiers

    from {{ ref('fct_trial_identifiers').include(database=false) }}
    cross join mapped
    group by nct_id

),

sites as (

    select
        nct_id,
        list({
            'facility': facility,
            'city': city,
            'state': state,
            'country': country,
            'status_label': {{ label_of('recruitment_status', 'site_status') }},
            'latitude': latitude,
            'longitude': longitude
        } order by site_number) as sites

    from {{ ref('fct_trial_sites').include(database=false) }}
    cross join mapped
    group by nct_id

),

countries as (

    select
        nct_id,
        list({ 'country': country, 'is_removed': is_removed } order by is_removed, country) as countries

    from {{ ref('fct_trial_countries').include(database=false) }}
    group by nct_id

),

outcome_texts as (

    select
        nct_id,
        outcome_type,
        outcome_number,
        list_transform(
            [measure, time_frame, outcome_description], lambda text: {{ plain_text('text') }}
        ) as texts

    from {{ ref('fct_planned_outcomes').include(database=false) }}

),

outcomes as (

    select
        nct_id,
        list({
            'outcome_type': outcome_type,
            'measure': texts[1],
            'time_frame': texts[2],
            'description': texts[3]
        } order by outcome_type = 'OTHER', outcome_type, outcome_number) as outcomes

    from outcome_texts
    group by nct_id

),

final as (

    select
        trials.nct_id,
        coalesce(treatments.treatments, []) as treatments,
        coalesce(arms.arms, []) as arms,
        coalesce(sponsors.sponsors, []) as sponsors,
        coalesce(identifiers.identifiers, []) as identifiers,
        coalesce(sites.sites, []) as sites,
        coalesce(countries.countries, []) as countries,
        coalesce(outcomes.outcomes, []) as outcomes

    from {{ ref('trials_as_observed').include(database=false) }} as trials
    left join treatments on trials.nct_id = treatments.nct_id
    left join arms on trials.nct_id = arms.nct_id
    left join sponsors on trials.nct_id = sponsors.nct_id
    left join identifiers on trials.nct_id = identifiers.nct_id
    left join sites on trials.nct_id = sites.nct_id
    left join countries on trials.nct_id = countries.nct_id
    left join outcomes on trials.nct_id = outcomes.nct_id

)

select * from final
