with

outcomes as (

    select
        nct_id,
        unnest(outcome_measures_module.outcomeMeasures).analyses as analyses,
        generate_subscripts(outcome_measures_module.outcomeMeasures, 1) as outcome_number

    from {{ ref('int_records_current') }}

),

listed as (

    select
        nct_id,
        outcome_number,
        unnest(analyses) as analysis,
        generate_subscripts(analyses, 1) as analysis_number

    from outcomes

),

final as (

    select
        nct_id,
        outcome_number,
        analysis_number,
        analysis.groupIds as group_ids,
        analysis.groupDescription as groups_description,
        analysis.statisticalMethod as statistical_method,
        analysis.statisticalComment as statistical_comment,
        analysis.pValue as p_value_text,
        {{ number_in("regexp_replace(analysis.pValue, '[<>= ]', '', 'g')") }} as p_value,
        nullif(regexp_extract(analysis.pValue, '^ *([<>=]+)', 1), '') as p_value_relation,
        analysis.pValueComment as p_value_comment,
        analysis.paramType as parameter_type,
        analysis.paramValue as parameter_value_text,
        {{ number_in('analysis.paramValue') }} as parameter_value,
        analysis.dispersionType as dispersion_type,
        analysis.dispersionValue as dispersion_value_text,
        {{ number_in('analysis.dispersionValue') }} as dispersion_value,
        analysis.ciNumSides as confidence_interval_sides,
        analysis.ciPctValue as confidence_level_text,
        {{ number_in('analysis.ciPctValue') }} as confidence_level,
        analysis.ciLowerLimit as lower_limit_text,
        {{ number_in('analysis.ciLowerLimit') }} as lower_limit,
        analysis.ciLowerLimitComment as lower_limit_comment,
        analysis.ciUpperLimit as upper_limit_text,
        {{ number_in('analysis.ciUpperLimit') }} as upper_limit,
        analysis.ciUpperLimitComment as upper_limit_comment,
        analysis.estimateComment as estimate_comment,
        analysis.testedNonInferiority as is_non_inferiority_tested,
        analysis.nonInferiorityType as non_inferiority_type,
        analysis.nonInferiorityComment as non_inferiority_comment,
        analysis.otherAnalysisDescription as other_analysis_description

    from listed

)

select * from final
