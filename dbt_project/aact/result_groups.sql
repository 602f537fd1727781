-- Groups of a list that are alike in code, title and description are one: the last stands for all.
with

distinct_groups as (

    select
        result_groups.nct_id,
        result_groups.result_type,
        result_groups.outcome_number,
        result_groups.group_id,
        result_groups.group_title,
        result_groups.group_description,
        max(result_groups.group_number) as group_number

    from marts.fct_result_groups as result_groups
    semi join marts.dim_trials as trials
        on result_groups.nct_id = trials.nct_id and trials.is_in_registry
    group by all

),

final as (

    select
        aact.row_id('result_groups', nct_id, result_type || '/' || outcome_number || '/' || group_number)
            as id,
        nct_id,
        group_id as ctgov_group_code,
        case result_type
            when 'OUTCOME' then 'Outcome'
            when 'BASELINE' then 'Baseline'
            when 'PARTICIPANT_FLOW' then 'Participant Flow'
            when 'ADVERSE_EVENTS' then 'Reported Event'
        end as result_type,
        group_title as title,
        group_description as description,
        aact.row_id('outcomes', nct_id, nullif(outcome_number, 0)) as outcome_id

    from distinct_groups

)

select * from final
