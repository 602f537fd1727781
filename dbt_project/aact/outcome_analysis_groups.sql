with

listed as (

    select
        analyses.nct_id,
        analyses.outcome_number,
        analyses.analysis_number,
        unnest(analyses.group_ids) as group_id,
        generate_subscripts(analyses.group_ids, 1) as group_position

    from marts.fct_outcome_analyses as analyses
    semi join marts.dim_trials as trials on analyses.nct_id = trials.nct_id and trials.is_in_registry

),

final as (

    select
        aact.row_id(
            'outcome_analysis_groups',
            listed.nct_id,
            listed.outcome_number || '/' || listed.analysis_number || '/' || listed.group_position
        ) as id,
        listed.nct_id,
        aact.row_id('outcome_analyses', listed.nct_id, listed.outcome_number || '/' || listed.analysis_number)
            as outcome_analysis_id,
        aact.row_id(
            'result_groups', listed.nct_id, 'OUTCOME/' || listed.outcome_number || '/' || groups.group_number
        ) as result_group_id,
        listed.group_id as ctgov_group_code

    from listed
    left join aact.group_numbers('OUTCOME') as groups
        on
            listed.nct_id = groups.nct_id
            and listed.outcome_number = groups.outcome_number
            and listed.group_id = groups.group_id

)

select * from final
