with

measures as (

    select
        nct_id,
        unnest(baseline_characteristics_module.measures).classes as classes,
        generate_subscripts(baseline_characteristics_module.measures, 1) as measure_number

    from {{ ref('int_records_current') }}

),

{{ measurements_in('measures', 'measure_number') }}

select * from final
