{{ config(materialized='view') }}
{#-
    The rows with their place: heading, depth, parent and number. The depth of an item is the number of items that it
    stands under: each is the nearest above with a smaller indent in the same list. A marker of another style right
    below an item that ends in a colon stands for an indent. Only lists with more than one level are looked into.
-#}
{%- set levels = range(1, 6) -%}
with

criteria as (

    select * from {{ ref('int_criteria_rows_sorted') }}

),

lists as (

    select
        nct_id,
        list_position
    from criteria
    group by all
    having min(indent) < max(indent) or bool_or(is_lead and criterion_role = 'ITEM')

),

items as (

    select
        criteria.nct_id,
        criterion_number,
        criteria.list_position,
        criterion_role,
        indent,
        regexp_replace(regexp_replace(marker, '[0-9]+', '9'), '[A-Za-zа-я]+', 'a') as style,
        coalesce(
            lag(is_lead and criterion_role = 'ITEM') over in_list and lag(indent) over in_list = indent, false
        ) as is_below_lead
    from criteria
    semi join lists
        on
            criteria.nct_id = lists.nct_id
            and criteria.list_position = lists.list_position
    window in_list as (partition by criteria.nct_id, criteria.list_position order by criterion_number)

),

styles as (

    select
        nct_id,
        list_position,
        indent,
        style,
        min(criterion_number) as first_number,
        arg_min(is_below_lead, criterion_number) as is_below_lead
    from items
    where style is not null
    group by all

),

styles_inside as (

    select * from styles
    qualify
        is_below_lead
        and first_number > min(first_number) over (partition by nct_id, list_position, indent)

),

items_levelled as (

    select
        items.nct_id,
        items.criterion_number,
        items.list_position,
        items.criterion_role,
        dense_rank() over (
            partition by items.nct_id, items.list_position
            order by items.indent * 2 + (styles_inside.style is not null)::integer
        ) as level
    from items
    left join styles_inside
        on
            items.nct_id = styles_inside.nct_id
            and items.list_position = styles_inside.list_position
            and items.indent = styles_inside.indent
            and items.style = styles_inside.style

),

lists_nested as (

    select
        nct_id,
        list_position
    from items_levelled
    group by all
    having max(level) > 1

),

items_stacked as (

    select
        items_levelled.nct_id,
        criterion_number,
        level,
        [
            {%- for i in levels %}
            last_value(
                case when level = {{ i }} and criterion_role = 'ITEM' then criterion_number end ignore nulls
            ) over above
            {{- "," if not loop.last }}{% endfor %}
        ] as last_items
    from items_levelled
    semi join lists_nested
        on
            items_levelled.nct_id = lists_nested.nct_id
            and items_levelled.list_position = lists_nested.list_position
    window above as (
        partition by items_levelled.nct_id, items_levelled.list_position order by criterion_number
        rows between unbounded preceding and 1 preceding
    )

),

items_under as (

    select
        nct_id,
        criterion_number,
        list_filter(  -- noqa: PRS
            last_items,
            lambda item, place: place < level and item > coalesce(list_max(last_items[1:place - 1]), 0)
        ) as parents
    from items_stacked

),

final as (

    select
        criteria.nct_id,
        criteria.criterion_number,
        criterion_role,
        criterion_kind,
        case when criterion_role != 'HEADING' then coalesce(1 + len(parents), 1) end as depth,
        parents[-1] as parent_criterion_number,
        parents is not null as is_in_nested_list,
        marker,
        text
    from criteria
    left join items_under
        on
            criteria.nct_id = items_under.nct_id
            and criteria.criterion_number = items_under.criterion_number

)

select * from final
