select
    aact.row_id(
        'outcome_counts',
        counts.nct_id,
        counts.measure_number || '/' || counts.denominator_number || '/' || counts.count_number
    ) as id,
    counts.nct_id,
    aact.row_id('outcomes', counts.nct_id, counts.measure_number) as outcome_id,
    aact.row_id(
        'result_groups', counts.nct_id, 'OUTCOME/' || counts.measure_number || '/' || groups.group_number
    ) as result_group_id,
    counts.group_id as ctgov_group_code,
    'Measure' as scope,
    counts.units,
    counts.count

from marts.fct_result_denominators as counts
semi join marts.dim_trials as trials on counts.nct_id = trials.nct_id and trials.is_in_registry
left join aact.group_numbers('OUTCOME') as groups
    on
        counts.nct_id = groups.nct_id
        and counts.measure_number = groups.outcome_number
        and counts.group_id = groups.group_id
where counts.scope = 'OUTCOME'
