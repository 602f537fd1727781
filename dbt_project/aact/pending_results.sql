-- A date of a month or a year alone means its last day, as everywhere in AACT.
select
    aact.row_id('pending_results', events.nct_id, events.event_number) as id,
    events.nct_id,
    events.event_type as event,
    events.event_date_text as event_date_description,
    coalesce(
        events.event_date,
        last_day(try_cast(events.event_date_text || '-01' as date)),
        try_cast(events.event_date_text || '-12-31' as date)
    ) as event_date

from marts.fct_unposted_result_events as events
semi join marts.dim_trials as trials on events.nct_id = trials.nct_id and trials.is_in_registry
