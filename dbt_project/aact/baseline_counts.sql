select
    aact.row_id('baseline_counts', counts.nct_id, counts.denominator_number || '/' || counts.count_number)
        as id,
    counts.nct_id,
    aact.row_id('result_groups', counts.nct_id, 'BASELINE/0/' || groups.group_number) as result_group_id,
    counts.group_id as ctgov_group_code,
    counts.units,
    'overall' as scope,
    counts.count

from marts.fct_result_denominators as counts
semi join marts.dim_trials as trials on counts.nct_id = trials.nct_id and trials.is_in_registry
left join aact.group_numbers('BASELINE') as groups
    on counts.nct_id = groups.nct_id and counts.group_id = groups.group_id
where counts.scope = 'BASELINE'
