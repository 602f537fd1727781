select
    aact.row_id(
        'reported_events',
        events.nct_id,
        events.seriousness || '/' || events.event_number || '/' || events.group_position
    ) as id,
    events.nct_id,
    aact.row_id('result_groups', events.nct_id, 'ADVERSE_EVENTS/0/' || groups.group_number)
        as result_group_id,
    events.group_id as ctgov_group_code,
    trials.adverse_events_time_frame as time_frame,
    lower(events.seriousness) as event_type,
    cast(null as varchar) as default_vocab,
    cast(null as varchar) as default_assessment,
    events.participants_affected as subjects_affected,
    events.participants_at_risk as subjects_at_risk,
    trials.adverse_events_description as description,
    events.events as event_count,
    events.organ_system,
    events.term as adverse_event_term,
    trials.adverse_events_frequency_threshold as frequency_threshold,
    events.source_vocabulary as vocab,
    events.assessment_type as assessment

from marts.fct_adverse_events as events
inner join marts.dim_trials as trials on events.nct_id = trials.nct_id and trials.is_in_registry
left join aact.group_numbers('ADVERSE_EVENTS') as groups
    on events.nct_id = groups.nct_id and events.group_id = groups.group_id
where events.group_position > 0
