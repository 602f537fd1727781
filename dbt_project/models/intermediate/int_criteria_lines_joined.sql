{{ config(materialized='view') }}
{#-
    A line that goes on with the one above it joined to that one: a wrapped line, or a paragraph that stands further in
    than the item above.
-#}
with

lines as (

    select
        *,
        marker is not null and not is_label as is_marked
    from {{ ref('int_criteria_lines_read') }}

),

texts_worth_a_look as (

    select distinct nct_id
    from lines
    where marker is null and kind_opened is null and (indent > 0 or not is_after_blank)

),

lines_seen as (

    select
        lines.*,
        last_value(
            case
                when kind_opened is not null then 'HEADING'
                when is_marked then 'MARKED'
                when is_after_blank then 'TEXT'
            end ignore nulls
        ) over above as above_is,
        last_value(
            case
                when kind_opened is not null or marker is null and is_after_blank and indent = 0 then 999
                when is_marked then indent
            end ignore nulls
        ) over above as item_indent,
        lead(is_marked) over in_text as is_above_marked
    from lines
    semi join texts_worth_a_look on lines.nct_id = texts_worth_a_look.nct_id
    window
        in_text as (partition by lines.nct_id order by position),
        above as (
            partition by lines.nct_id order by position rows between unbounded preceding and 1 preceding
        )

),

lines_continued as (

    select
        *,
        coalesce(marker is null and kind_opened is null and case
            when is_after_blank
                then indent > 0 and indent > item_indent and (not is_lead or is_above_marked is not true)
            when above_is = 'MARKED' then true
            when above_is = 'TEXT' then regexp_matches(text, '^\p{Ll}')
        end, false) as is_continued
    from lines_seen

),

lines_owned as (

    select
        nct_id,
        position,
        is_continued,
        max(case when not is_continued then position end) over (
            partition by nct_id order by position
        ) as row_position,
        case when is_after_blank then repeat(chr(10), 2) else ' ' end || text as text
    from lines_continued

),

lines_continuing as (

    select * from lines_owned
    where is_continued

),

continuations as (

    select
        nct_id,
        row_position,
        string_agg(text, '' order by position) as text
    from lines_continuing
    group by all

),

final as (

    select lines.* replace (lines.text || coalesce(continuations.text, '') as text)
    from lines
    left join continuations
        on
            lines.nct_id = continuations.nct_id
            and lines.position = continuations.row_position
    anti join lines_continuing
        on
            lines.nct_id = lines_continuing.nct_id
            and lines.position = lines_continuing.position

)

select * from final
