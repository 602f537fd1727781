{#- The eligibility text as rows; what stands where in it is settled in the int_criteria models. -#}
{%- set levels = range(1, 6) -%}
with

criteria as (

    select * from {{ ref('int_criteria_items_nested') }}

),

criteria_headed as (

    select
        nct_id,
        criterion_number,
        criterion_role = 'ITEM' as is_item,
        criterion_kind,
        last_value(case when criterion_role = 'HEADING' then criterion_number end ignore nulls) over (
            partition by nct_id order by criterion_number rows between unbounded preceding and current row
        ) as heading_criterion_number,
        depth,
        parent_criterion_number,
        is_in_nested_list
    from criteria

),

criteria_numbered as (

    select
        *,
        case when is_item then row_number() over (
            partition by nct_id, heading_criterion_number, criterion_kind, is_item, parent_criterion_number
            order by criterion_number
        ) end as item_number
    from criteria_headed

),

items_pathed as (

    select
        nct_id,
        criterion_number,
        concat_ws('.'{% for i in levels %}, case when depth > {{ i }} then last_value(
            case when depth = {{ i }} then item_number end ignore nulls
        ) over in_text end{% endfor %}, item_number) as item_path
    from criteria_numbered
    where is_in_nested_list and is_item
    window in_text as (
        partition by nct_id order by criterion_number rows between unbounded preceding and current row
    )

),

final as (

    select
        criteria.nct_id,
        criteria.criterion_number,
        criteria.criterion_kind,
        criterion_role,
        criteria.depth,
        item_number,
        coalesce(item_path, item_number::varchar) as item_path,
        criteria.parent_criterion_number,
        heading_criterion_number,
        marker,
        text as criterion_text,
        {{ plain_text('text') }} as criterion_plain_text
    from criteria
    inner join criteria_numbered
        on
            criteria.nct_id = criteria_numbered.nct_id
            and criteria.criterion_number = criteria_numbered.criterion_number
    left join items_pathed
        on
            criteria.nct_id = items_pathed.nct_id
            and criteria.criterion_number = items_pathed.criterion_number

)

select * from final
