-- Classes without categories give a row only where the first class of the measure has none either; categories
-- without measurements give none. How many were analysed: of the class, else the measure, else the baseline.
with

measurements as (

    select *
    from marts.fct_baseline_measurements
    where
        measurement_number > 0
        or (
            category_number = 0
            and (nct_id, measure_number) in (
                select (first_classes.nct_id, first_classes.measure_number)
                from marts.fct_baseline_measurements as first_classes
                where first_classes.class_number = 1 and first_classes.category_number = 0
            )
        )

),

counts as (

    select
        nct_id,
        scope,
        measure_number,
        class_number,
        units,
        group_id,
        first(count order by denominator_number, count_number) as count

    from marts.fct_result_denominators
    group by nct_id, scope, measure_number, class_number, units, group_id

),

final as (

    select
        aact.row_id(
            'baseline_measurements',
            measurements.nct_id,
            measurements.measure_number || '/' || measurements.class_number || '/'
            || measurements.category_number || '/' || measurements.measurement_number
        ) as id,
        measurements.nct_id,
        aact.row_id('result_groups', measurements.nct_id, 'BASELINE/0/' || groups.group_number)
            as result_group_id,
        measurements.group_id as ctgov_group_code,
        measurements.class_title as classification,
        measurements.category_title as category,
        measures.measure_title as title,
        measures.measure_description as description,
        measures.unit_of_measure as units,
        measures.parameter_type as param_type,
        measurements.value_text as param_value,
        aact.number_without_commas(measurements.value_text, measurements.value) as param_value_num,
        measures.dispersion_type,
        measurements.spread_text as dispersion_value,
        aact.number_without_commas(measurements.spread_text, measurements.spread) as dispersion_value_num,
        aact.number_without_commas(measurements.lower_limit_text, measurements.lower_limit)
            as dispersion_lower_limit,
        aact.number_without_commas(measurements.upper_limit_text, measurements.upper_limit)
            as dispersion_upper_limit,
        measurements.measurement_comment as explanation_of_na,
        coalesce(class_counts.count, measure_counts.count, baseline_counts.count) as number_analyzed,
        coalesce(measures.denominator_units, 'Participants') as number_analyzed_units,
        measures.population_description,
        case measures.is_percentage_calculated when true then 'Yes' when false then 'No' end
            as calculate_percentage

    from measurements
    semi join marts.dim_trials as trials
        on measurements.nct_id = trials.nct_id and trials.is_in_registry
    inner join marts.fct_baseline_measures as measures
        on
            measurements.nct_id = measures.nct_id
            and measurements.measure_number = measures.measure_number
    left join aact.group_numbers('BASELINE') as groups
        on measurements.nct_id = groups.nct_id and measurements.group_id = groups.group_id
    left join counts as class_counts
        on
            class_counts.scope = 'BASELINE_CLASS'
            and measurements.nct_id = class_counts.nct_id
            and measurements.measure_number = class_counts.measure_number
            and measurements.class_number = class_counts.class_number
            and measurements.group_id = class_counts.group_id
            and coalesce(measures.denominator_units, 'Participants') = class_counts.units
    left join counts as measure_counts
        on
            measure_counts.scope = 'BASELINE_MEASURE'
            and measurements.nct_id = measure_counts.nct_id
            and measurements.measure_number = measure_counts.measure_number
            and measurements.group_id = measure_counts.group_id
            and coalesce(measures.denominator_units, 'Participants') = measure_counts.units
    left join counts as baseline_counts
        on
            baseline_counts.scope = 'BASELINE'
            and measurements.nct_id = baseline_counts.nct_id
            and measurements.group_id = baseline_counts.group_id
            and coalesce(measures.denominator_units, 'Participants') = baseline_counts.units

)

select * from final
