{{ config(materialized='view') }}
{#-
    What each row is among its neighbours: an item, running text that introduces a list, or a heading; and the kind of
    list it stands in.
-#}
{%- set connecting = '(?i)(?:^|[^a-z])(?:must|will|are|is|may|be|have|has|meet|meets|who|if|following|include'
    ~ '|includes|including|were|was|should|can|cannot|with|by|to)(?:[^a-z]|$)' -%}
with

criteria as (

    select * from {{ ref('int_criteria_lines_joined') }}

),

criteria_placed as (

    select
        nct_id,
        indent,
        marker,
        text,
        is_label,
        is_lead,
        kind_opened is not null as is_opening,
        row_number() over in_text as criterion_number,
        max(case
            when kind_opened is not null
                then 10 * position + list_position(['INCLUSION', 'EXCLUSION', 'OTHER'], kind_opened)
            when is_admitting then 1
        end) over in_text % 10 as kind_code,
        case when is_label then 'LABEL' when marker is not null then 'MARKED' else 'TEXT' end as neighbour,
        lag(neighbour) over in_text as above,
        lead(neighbour) over in_text as below,
        coalesce(last_value(
            case when is_label or marker is null and indent = 0 then position end ignore nulls
        ) over in_text, 0) as list_position
    from criteria
    window in_text as (partition by nct_id order by position rows between unbounded preceding and current row)

),

criteria_weighed as (

    select
        *,
        case when marker is null then length(text) - length(replace(text, ' ', '')) end as blanks,
        case
            when marker is null and indent = 0 and length(text) < 80
                then not regexp_matches(text, '{{ connecting }}')
            else false
        end as is_short
    from criteria_placed

),

final as (

    select
        nct_id,
        criterion_number,
        case
            when is_label then 'HEADING'
            when is_opening then 'PREAMBLE'
            when marker is not null or below is null then 'ITEM'
            when is_short and blanks < 8 and is_lead then 'HEADING'
            when
                is_short and blanks < 5 and regexp_matches(text, '^[^\p{Ll}]*\p{Lu}.*[^.;,:]$')
                and (below = 'MARKED' or below = 'LABEL' and coalesce(above = 'MARKED', true))
                then 'HEADING'
            when is_lead and below != 'LABEL' then 'PREAMBLE'
            when below = 'MARKED' and coalesce(above != 'MARKED', true) then 'PREAMBLE'
            when below = 'MARKED' and regexp_matches(text, '(?i)^(?:and|or|and/or)[^a-z]*$') then 'PREAMBLE'
            else 'ITEM'
        end as criterion_role,
        case
            when is_label or criterion_role != 'HEADING' or coalesce(below != 'LABEL', true)
                then case when kind_code = 1 then 'INCLUSION' when kind_code = 2 then 'EXCLUSION' end
        end as criterion_kind,
        list_position,
        indent,
        marker,
        case
            when contains(text, ':') or contains(text, '：') then regexp_matches(text, '[:：][*_\\ ]*$')
            else false
        end as is_lead,
        text
    from criteria_weighed

)

select * from final
