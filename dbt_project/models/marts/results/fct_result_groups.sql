with

records as (

    select
        nct_id,
        participant_flow_module.groups as flow_groups,
        baseline_characteristics_module.groups as baseline_groups,
        adverse_events_module.eventGroups as event_groups,
        outcome_measures_module.outcomeMeasures as outcomes

    from {{ ref('int_records_current') }}

),

outcomes as (

    select
        nct_id,
        unnest(outcomes).groups as outcome_groups,
        generate_subscripts(outcomes, 1) as outcome_number

    from records

),

listed as (

    select
        nct_id,
        'PARTICIPANT_FLOW' as result_type,
        cast(0 as bigint) as outcome_number,
        unnest(flow_groups) as result_group,
        generate_subscripts(flow_groups, 1) as group_number

    from records
    union all
    select
        nct_id,
        'BASELINE' as result_type,
        cast(0 as bigint) as outcome_number,
        unnest(baseline_groups) as result_group,
        generate_subscripts(baseline_groups, 1) as group_number

    from records
    union all
    select
        nct_id,
        'OUTCOME' as result_type,
        outcome_number,
        unnest(outcome_groups) as result_group,
        generate_subscripts(outcome_groups, 1) as group_number

    from outcomes

),

listed_event_groups as (

    select
        nct_id,
        unnest(event_groups) as event_group,
        generate_subscripts(event_groups, 1) as group_number

    from records

),

final as (

    select
        nct_id,
        result_type,
        outcome_number,
        group_number,
        result_group.id as group_id,
        result_group.title as group_title,
        result_group.description as group_description,
        cast(null as bigint) as deaths_affected,
        cast(null as bigint) as deaths_at_risk,
        cast(null as bigint) as serious_affected,
        cast(null as bigint) as serious_at_risk,
        cast(null as bigint) as other_affected,
        cast(null as bigint) as other_at_risk

    from listed
    union all
    select
        nct_id,
        'ADVERSE_EVENTS' as result_type,
        cast(0 as bigint) as outcome_number,
        group_number,
        event_group.id as group_id,
        event_group.title as group_title,
        event_group.description as group_description,
        event_group.deathsNumAffected as deaths_affected,
        event_group.deathsNumAtRisk as deaths_at_risk,
        event_group.seriousNumAffected as serious_affected,
        event_group.seriousNumAtRisk as serious_at_risk,
        event_group.otherNumAffected as other_affected,
        event_group.otherNumAtRisk as other_at_risk

    from listed_event_groups

)

select * from final
