-- Three rows a group: serious events, other events, deaths.
with

groups as (

    select result_groups.*
    from marts.fct_result_groups as result_groups
    semi join marts.dim_trials as trials
        on result_groups.nct_id = trials.nct_id and trials.is_in_registry
    where result_groups.result_type = 'ADVERSE_EVENTS'

),

totals as (

    select
        nct_id,
        group_id,
        group_number,
        'serious' as event_type,
        'Total, serious adverse events' as classification,
        serious_affected as subjects_affected,
        serious_at_risk as subjects_at_risk

    from groups
    union all
    select
        nct_id,
        group_id,
        group_number,
        'other' as event_type,
        'Total, other adverse events' as classification,
        other_affected as subjects_affected,
        other_at_risk as subjects_at_risk

    from groups
    union all
    select
        nct_id,
        group_id,
        group_number,
        'deaths' as event_type,
        'Total, all-cause mortality' as classification,
        deaths_affected as subjects_affected,
        deaths_at_risk as subjects_at_risk

    from groups

),

final as (

    select
        aact.row_id('reported_event_totals', nct_id, group_number || '/' || event_type) as id,
        nct_id,
        group_id as ctgov_group_code,
        event_type,
        classification,
        subjects_affected,
        subjects_at_risk

    from totals

)

select * from final
