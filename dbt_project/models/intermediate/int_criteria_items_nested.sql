{{ config(materialized='view') }}
{#-
    The depth of an item is the number of items that it stands under: each is the nearest above with a smaller indent in
    the same list. A marker of another style right below an item that ends in a colon stands for an indent.
-#}
{%- set levels = range(1, 6) -%}
with

criteria as (

    select * from {{ ref('int_criteria_rows_sorted') }}

),

lists_nested as (

    select nct_id, list_position
    from criteria
    group by all
    having min(indent) < max(indent) or bool_or(is_lead and criterion_role = 'ITEM')

),

items_nested as (

    select
        nct_id,
        criterion_number,
        list_position,
        criterion_role,
        indent,
        regexp_replace(regexp_replace(marker, '[0-9]+', '9'), '[A-Za-zа-я]+', 'a') as style,
        lag(is_lead and criterion_role = 'ITEM') over in_list
        and lag(indent) over in_list = indent as is_below_lead
    from criteria
    semi join lists_nested
        on
            criteria.nct_id = lists_nested.nct_id
            and criteria.list_position = lists_nested.list_position
    window in_list as (partition by criteria.nct_id, criteria.list_position order by criterion_number)

),

items_indented as (

    select
        *,
        indent * 2 + coalesce(first_value(
            is_below_lead and style != outer_style
        ) over (partition by nct_id, list_position, indent, style order by criterion_number), false)::integer as indent_meant
    from (
        select
            *,
            first_value(style ignore nulls) over (partition by nct_id, list_position, indent order by criterion_number)
                as outer_style
        from items_nested
    ) as items_nested

),

items_levelled as (

    select
        *,
        dense_rank() over (partition by nct_id, list_position order by indent_meant) as level
    from items_indented

),

items_stacked as (

    select
        nct_id,
        criterion_number,
        criterion_role,
        level,
        {% for i in levels -%}
        coalesce(max(case when level = {{ i }} and criterion_role = 'ITEM' then criterion_number end) over above, 0)
            as above_{{ i }},
        {% endfor -%}
    from items_levelled
    window above as (
        partition by nct_id, list_position order by criterion_number rows between unbounded preceding and 1 preceding
    )

),

final as (

    select
        nct_id,
        criterion_number,
        1{% for i in levels %} + (level > {{ i }} and above_{{ i }} > {% if i == 1 %}0{% else %}greatest(0{% for j in range(1, i) %}, above_{{ j }}{% endfor %}){% endif %})::integer
        {%- endfor %} as depth,
        nullif(greatest(0{% for i in levels %}, case when level > {{ i }} then above_{{ i }} end{% endfor %}), 0)
            as parent_criterion_number
    from items_stacked

)

select * from final
