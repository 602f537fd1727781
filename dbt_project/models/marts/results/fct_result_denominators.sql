{#- How many were analysed: of a trial's baseline, of a measure, of a class of a measure. -#}
with

records as (

    select
        nct_id,
        baseline_characteristics_module as baseline,
        outcome_measures_module.outcomeMeasures as outcomes

    from {{ ref('int_records_current') }}

),

measures as (

    select
        nct_id,
        'BASELINE' as scope,
        generate_subscripts(baseline.measures, 1) as measure_number,
        unnest(list_transform(baseline.measures, lambda measure: struct_pack(
            denoms := measure.denoms,
            classes := list_transform(measure.classes, lambda class: class.denoms)
        ))) as measure

    from records
    union all
    select
        nct_id,
        'OUTCOME' as scope,
        generate_subscripts(outcomes, 1) as measure_number,
        unnest(list_transform(outcomes, lambda measure: struct_pack(
            denoms := measure.denoms,
            classes := list_transform(measure.classes, lambda class: class.denoms)
        ))) as measure

    from records

),

classes as (

    select
        nct_id,
        scope || '_CLASS' as scope,
        measure_number,
        generate_subscripts(measure.classes, 1) as class_number,
        unnest(measure.classes) as denoms

    from measures

),

scopes as (

    select
        nct_id,
        'BASELINE' as scope,
        cast(0 as bigint) as measure_number,
        cast(0 as bigint) as class_number,
        baseline.denoms as denoms

    from records
    union all
    select
        nct_id,
        case scope when 'BASELINE' then 'BASELINE_MEASURE' else scope end as scope,
        measure_number,
        cast(0 as bigint) as class_number,
        measure.denoms as denoms

    from measures
    union all
    select * from classes

),

denominators as (

    select
        * exclude (denoms),
        unnest(denoms) as denominator,
        generate_subscripts(denoms, 1) as denominator_number

    from scopes

),

counts as (

    select
        * exclude (denominator),
        denominator.units as units,
        unnest(denominator.counts) as group_count,
        generate_subscripts(denominator.counts, 1) as count_number

    from denominators

),

final as (

    select
        * exclude (group_count),
        group_count.groupId as group_id,
        group_count.value as count_text,
        {{ number_in('group_count.value') }} as count

    from counts

)

select * from final
