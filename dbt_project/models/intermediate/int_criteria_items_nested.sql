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

    select
        nct_id,
        list_position
    from criteria
    group by all
    having min(indent) < max(indent) or bool_or(is_lead and criterion_role = 'ITEM')

),

items_nested as (

    select
        criteria.nct_id,
        criterion_number,
        criteria.list_position,
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

items_styled as (

    select
        *,
        style != first_value(style ignore nulls) over (
            partition by nct_id, list_position, indent order by criterion_number
        ) as is_other_style
    from items_nested

),

items_indented as (

    select
        *,
        indent * 2 + coalesce(first_value(is_below_lead and is_other_style) over (
            partition by nct_id, list_position, indent, style order by criterion_number
        ), false)::integer as indent_meant
    from items_styled

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
        level,
        [
            {%- for i in levels %}
            max(case when level = {{ i }} and criterion_role = 'ITEM' then criterion_number end) over above
            {{- "," if not loop.last }}{% endfor %}
        ] as last_items
    from items_levelled
    window above as (
        partition by nct_id, list_position order by criterion_number
        rows between unbounded preceding and 1 preceding
    )

),

items_under as (

    select
        nct_id,
        criterion_number,
        list_filter(  -- noqa: PRS
            last_items,
            lambda item, place: place < level and item > coalesce(list_max(last_items[:place - 1]), 0)
        ) as parents
    from items_stacked

),

final as (

    select
        nct_id,
        criterion_number,
        1 + length(parents) as depth,
        parents[-1] as parent_criterion_number
    from items_under

)

select * from final
