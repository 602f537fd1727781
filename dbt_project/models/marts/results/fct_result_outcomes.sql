with

listed as (

    select
        nct_id,
        unnest(outcome_measures_module.outcomeMeasures) as outcome,
        generate_subscripts(outcome_measures_module.outcomeMeasures, 1) as outcome_number

    from {{ ref('int_records_current') }}

),

given as (

    select
        nct_id,
        outcome_number,
        outcome.type as outcome_type,
        outcome.title as outcome_title,
        outcome.description as outcome_description,
        outcome.populationDescription as population_description,
        outcome.reportingStatus as reporting_status,
        outcome.anticipatedPostingDate as anticipated_posting_date_text,
        outcome.timeFrame as time_frame,
        outcome.paramType as parameter_type,
        outcome.dispersionType as dispersion_type,
        outcome.unitOfMeasure as unit_of_measure,
        outcome.calculatePct as is_percentage_calculated,
        outcome.typeUnitsAnalyzed as units_analyzed,
        outcome.denomUnitsSelected as denominator_units

    from listed

),

final as (

    select
        *,
        {{ partial_date('anticipated_posting_date') }}

    from given

)

select * from final
