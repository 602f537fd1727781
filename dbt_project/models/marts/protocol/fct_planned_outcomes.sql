with

records as (

    select
        nct_id,
        outcomes_module as outcomes

    from {{ ref('int_records_current') }}

),

listed as (

    select
        nct_id,
        'PRIMARY' as outcome_type,
        unnest(outcomes.primaryOutcomes) as outcome,
        generate_subscripts(outcomes.primaryOutcomes, 1) as outcome_number

    from records
    union all
    select
        nct_id,
        'SECONDARY' as outcome_type,
        unnest(outcomes.secondaryOutcomes) as outcome,
        generate_subscripts(outcomes.secondaryOutcomes, 1) as outcome_number

    from records
    union all
    select
        nct_id,
        'OTHER' as outcome_type,
        unnest(outcomes.otherOutcomes) as outcome,
        generate_subscripts(outcomes.otherOutcomes, 1) as outcome_number

    from records

),

final as (

    select
        nct_id,
        outcome_type,
        outcome_number,
        outcome.measure as measure,
        outcome.description as outcome_description,
        outcome.timeFrame as time_frame

    from listed

)

select * from final
