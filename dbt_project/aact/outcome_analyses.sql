select
    aact.row_id(
        'outcome_analyses', analyses.nct_id, analyses.outcome_number || '/' || analyses.analysis_number
    ) as id,
    analyses.nct_id,
    aact.row_id('outcomes', analyses.nct_id, analyses.outcome_number) as outcome_id,
    analyses.non_inferiority_type,
    analyses.non_inferiority_comment as non_inferiority_description,
    analyses.parameter_type as param_type,
    analyses.parameter_value as param_value,
    analyses.dispersion_type,
    analyses.dispersion_value,
    trim(regexp_replace(analyses.p_value_text, '[0-9.-]', '', 'g')) as p_value_modifier,
    analyses.p_value,
    analyses.confidence_interval_sides as ci_n_sides,
    aact.number_without_commas(analyses.confidence_level_text, analyses.confidence_level) as ci_percent,
    aact.number_without_commas(analyses.lower_limit_text, analyses.lower_limit) as ci_lower_limit,
    aact.number_without_commas(analyses.upper_limit_text, analyses.upper_limit) as ci_upper_limit,
    analyses.upper_limit_comment as ci_upper_limit_na_comment,
    analyses.p_value_comment as p_value_description,
    analyses.statistical_method as method,
    analyses.statistical_comment as method_description,
    analyses.estimate_comment as estimate_description,
    analyses.groups_description,
    analyses.other_analysis_description,
    analyses.upper_limit_text as ci_upper_limit_raw,
    analyses.lower_limit_text as ci_lower_limit_raw,
    analyses.p_value_text as p_value_raw

from marts.fct_outcome_analyses as analyses
semi join marts.dim_trials as trials on analyses.nct_id = trials.nct_id and trials.is_in_registry
