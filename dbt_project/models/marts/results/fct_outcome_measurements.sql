with

outcomes as (

    select
        nct_id,
        unnest(outcome_measures_module.outcomeMeasures).classes as classes,
        generate_subscripts(outcome_measures_module.outcomeMeasures, 1) as outcome_number

    from {{ ref('int_records_current') }}

),

{{ measurements_in('outcomes', 'outcome_number') }}

select * from final
