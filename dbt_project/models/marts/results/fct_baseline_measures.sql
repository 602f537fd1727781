with

listed as (

    select
        nct_id,
        unnest(baseline_characteristics_module.measures) as measure,
        generate_subscripts(baseline_characteristics_module.measures, 1) as measure_number

    from {{ ref('int_records_current') }}

),

final as (

    select
        nct_id,
        measure_number,
        measure.title as measure_title,
        measure.description as measure_description,
        measure.populationDescription as population_description,
        measure.paramType as parameter_type,
        measure.dispersionType as dispersion_type,
        measure.unitOfMeasure as unit_of_measure,
        measure.calculatePct as is_percentage_calculated,
        measure.denomUnitsSelected as denominator_units

    from listed

)

select * from final
