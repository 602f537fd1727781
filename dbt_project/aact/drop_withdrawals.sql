select
    aact.row_id(
        'drop_withdrawals',
        flow.nct_id,
        flow.period_number || '/' || flow.flow_number || '/' || flow.group_position
    ) as id,
    flow.nct_id,
    aact.row_id('result_groups', flow.nct_id, 'PARTICIPANT_FLOW/0/' || groups.group_number)
        as result_group_id,
    flow.group_id as ctgov_group_code,
    flow.period_title as period,
    flow.flow_title as reason,
    flow.participants as count,
    flow.flow_comment as drop_withdraw_comment,
    flow.group_comment as reason_comment,
    cast(null as bigint) as count_units

from marts.fct_participant_flow as flow
semi join marts.dim_trials as trials on flow.nct_id = trials.nct_id and trials.is_in_registry
left join aact.group_numbers('PARTICIPANT_FLOW') as groups
    on flow.nct_id = groups.nct_id and flow.group_id = groups.group_id
where flow.flow_kind = 'WITHDRAWAL' and flow.group_position > 0
