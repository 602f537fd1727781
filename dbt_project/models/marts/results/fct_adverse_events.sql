with

records as (

    select
        nct_id,
        adverse_events_module as adverse_events

    from {{ ref('int_records_current') }}

),

terms as (

    select
        nct_id,
        'SERIOUS' as seriousness,
        unnest(adverse_events.seriousEvents) as event,
        generate_subscripts(adverse_events.seriousEvents, 1) as event_number

    from records
    union all
    select
        nct_id,
        'OTHER' as seriousness,
        unnest(adverse_events.otherEvents) as event,
        generate_subscripts(adverse_events.otherEvents, 1) as event_number

    from records

),

groups as (

    select
        nct_id,
        seriousness,
        event_number,
        event.term as term,
        event.organSystem as organ_system,
        event.sourceVocabulary as source_vocabulary,
        event.assessmentType as assessment_type,
        event.notes as notes,
        {{ each_or_one_empty('event.stats', 'stat', 'group_position') }}

    from terms

),

final as (

    select
        * exclude (stat),
        stat.groupId as group_id,
        stat.numEvents as events,
        stat.numAffected as participants_affected,
        stat.numAtRisk as participants_at_risk

    from groups

)

select * from final
