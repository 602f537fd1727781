{#- The eligibility text as rows; what stands where in it is settled in the int_criteria models. -#}
{%- set levels = range(1, 6) -%}
with

criteria as (

    select * from {{ ref('int_criteria_rows_sorted') }}

),

items_deep as (

    select * from {{ ref('int_criteria_items_nested') }}

),

criteria_placed as (

    select
        criteria.nct_id,
        criteria.criterion_number,
        criterion_role,
        criterion_kind,
        max(case when criterion_role = 'HEADING' then criteria.criterion_number end) over (
            partition by criteria.nct_id order by criteria.criterion_number
            rows between unbounded preceding and current row
        ) as heading_criterion_number,
        case when criterion_role != 'HEADING' then coalesce(items_deep.depth, 1)::bigint end as depth,
        items_deep.parent_criterion_number,
        items_deep.depth is not null as is_in_nested_list
    from criteria
    left join items_deep
        on
            criteria.nct_id = items_deep.nct_id
            and criteria.criterion_number = items_deep.criterion_number

),

criteria_numbered as (

    select
        *,
        case when criterion_role = 'ITEM' then row_number() over (
            partition by
                nct_id, heading_criterion_number, criterion_kind, criterion_role, parent_criterion_number
            order by criterion_number rows between unbounded preceding and current row
        ) end as item_number
    from criteria_placed

),

items_pathed as (

    select
        nct_id,
        criterion_number,
        concat_ws('.'{% for i in levels %}, case when depth > {{ i }} then last_value(
            case when depth = {{ i }} then item_number end ignore nulls
        ) over in_text end{% endfor %}, item_number) as item_path
    from criteria_numbered
    where is_in_nested_list and criterion_role = 'ITEM'
    window in_text as (
        partition by nct_id order by criterion_number rows between unbounded preceding and current row
    )

),

final as (

    select
        criteria.nct_id,
        criteria.criterion_number,
        criteria.criterion_kind,
        criteria.criterion_role,
        depth,
        item_number,
        coalesce(item_path, item_number::varchar) as item_path,
        parent_criterion_number,
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
