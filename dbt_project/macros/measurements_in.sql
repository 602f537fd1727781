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

categories as (

    select
        nct_id,
        {{ number }},
        class_number,
        class.title as class_title,
        {{ each_or_one_empty('class.categories', 'category', 'category_number') }}

    from classes

),

measurements as (

    select
        * exclude (category),
        category.title as category_title,
        {{ each_or_one_empty('category.measurements', 'measurement', 'measurement_number') }}

    from categories

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
