{#-
    The CTEs from `classes` of a measure to its measurements: results and baseline nest them alike. Real records have
    classes without categories and categories without measurements: each gives one row, numbered 0.
-#}
{% macro measurements_in(measures, number) -%}
classes as (

    select
        nct_id,
        {{ number }},
        unnest(classes) as class,
        generate_subscripts(classes, 1) as class_number

    from {{ measures }}

),

classes_with_categories as (

    select
        nct_id,
        {{ number }},
        class_number,
        class.title as class_title,
        coalesce(nullif(class.categories, []), [null]) as categories,
        cast(coalesce(len(class.categories), 0) = 0 as bigint) as is_empty

    from classes

),

categories as (

    select
        * exclude (categories, is_empty),
        unnest(categories) as category,
        generate_subscripts(categories, 1) - is_empty as category_number

    from classes_with_categories

),

categories_with_measurements as (

    select
        * exclude (category),
        category.title as category_title,
        coalesce(nullif(category.measurements, []), [null]) as measurements,
        cast(coalesce(len(category.measurements), 0) = 0 as bigint) as is_empty

    from categories

),

measurements as (

    select
        * exclude (measurements, is_empty),
        unnest(measurements) as measurement,
        generate_subscripts(measurements, 1) - is_empty as measurement_number

    from categories_with_measurements

),

final as (

    select
        * exclude (measurement),
        measurement.groupId as group_id,
        measurement.value as value_text,
        {{ number_in('measurement.value') }} as value,
        measurement.spread as spread_text,
        {{ number_in('measurement.spread') }} as spread,
        measurement.lowerLimit as lower_limit_text,
        {{ number_in('measurement.lowerLimit') }} as lower_limit,
        measurement.upperLimit as upper_limit_text,
        {{ number_in('measurement.upperLimit') }} as upper_limit,
        measurement.comment as measurement_comment

    from measurements

)
{%- endmacro %}
