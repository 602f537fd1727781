-- A row where the results tell of participant flow, be it only its groups.
with

flow_groups as (

    select nct_id
    from marts.fct_result_groups
    where result_type = 'PARTICIPANT_FLOW'

),

final as (

    select
        aact.row_id('participant_flows', nct_id, 1) as id,
        nct_id,
        recruitment_details,
        pre_assignment_details,
        participant_flow_units as units_analyzed

    from marts.dim_trials
    where
        is_in_registry
        and (
            coalesce(recruitment_details, pre_assignment_details, participant_flow_units) is not null
            or nct_id in (select flow_groups.nct_id from flow_groups)
        )

)

select * from final
