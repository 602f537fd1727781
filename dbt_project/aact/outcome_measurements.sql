-- Classes without categories give a row only where the first class of the outcome has none either; categories
-- without measurements give none.
with

measurements as (

    select *
    from marts.fct_outcome_measurements
    where
        measurement_number > 0
        or (
            category_number = 0
            and (nct_id, outcome_number) in (
                select (first_classes.nct_id, first_classes.outcome_number)
                from marts.fct_outcome_measurements as first_classes
                where first_classes.class_number = 1 and first_classes.category_number = 0
            )
        )

),

final as (

    select
        aact.row_id(
            'outcome_measurements',
            measurements.nct_id,
            measurements.outcome_number || '/' || measurements.class_number || '/'
            || measurements.category_number || '/' || measurements.measurement_number
        ) as id,
        measurements.nct_id,
        aact.row_id('outcomes', measurements.nct_id, measurements.outcome_number) as outcome_id,
        aact.row_id(
            'result_groups',
            measurements.nct_id,
            'OUTCOME/' || measurements.outcome_number || '/' || groups.group_number
        ) as result_group_id,
        measurements.group_id as ctgov_group_code,
        measurements.class_title as classification,
        measurements.category_title as category,
        outcomes.outcome_title as title,
        outcomes.outcome_description as description,
        outcomes.unit_of_measure as units,
        outcomes.parameter_type as param_type,
        measurements.value_text as param_value,
        aact.number_without_commas(measurements.value_text, measurements.value) as param_value_num,
        outcomes.dispersion_type,
        measurements.spread_text as dispersion_value,
        aact.number_without_commas(measurements.spread_text, measurements.spread) as dispersion_value_num,
        aact.number_without_commas(measurements.lower_limit_text, measurements.lower_limit)
            as dispersion_lower_limit,
        aact.number_without_commas(measurements.upper_limit_text, measurements.upper_limit)
            as dispersion_upper_limit,
        measurements.measurement_comment as explanation_of_na,
        measurements.upper_limit_text as dispersion_upper_limit_raw,
        measurements.lower_limit_text as dispersion_lower_limit_raw

    from measurements
    semi join marts.dim_trials as trials
        on measurements.nct_id = trials.nct_id and trials.is_in_registry
    inner join marts.fct_result_outcomes as outcomes
        on
            measurements.nct_id = outcomes.nct_id
            and measurements.outcome_number = outcomes.outcome_number
    left join aact.group_numbers('OUTCOME') as groups
        on
            measurements.nct_id = groups.nct_id
            and measurements.outcome_number = groups.outcome_number
            and measurements.group_id = groups.group_id

)

select * from final
