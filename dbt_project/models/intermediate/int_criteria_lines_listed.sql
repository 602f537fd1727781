{{ config(materialized='view') }}
{#-
    The lines of a text; one that holds a list is parted into its items: criteria set apart by "•", and
    "1. ... 2. ... 3. ..." where each number is one more than the last and written like it. One look at the whole text
    tells whether it has such a line.
-#}
{%- set mark = '^[^0-9(]*(\\(?)[0-9]+\\\\?([.)])' -%}
{%- set numbered = '^[ \\x01]*(?:[*•] +)?\\(?[0-9]{1,2}\\\\?[.)].* \\(?[0-9]{1,2}\\\\?[.)][ A-Z]' -%}
with

texts as (

    select
        nct_id,
        string_split(text, chr(10)) as lines,
        contains(text, '•')
        or case
            when regexp_matches(text, ' \(?[0-9]{1,2}\\?[.)][ A-Z]')
                then regexp_matches(text, '(?m){{ numbered }}')
            else false
        end as has_list
    from {{ ref('int_criteria_texts_marked') }}

),

lines_alone as (

    select
        nct_id,
        case when has_list then [] else lines end as lines_alone,
        unnest(lines_alone) as line,
        1000 * generate_subscripts(lines_alone, 1) as position
    from texts

),

lines_near_lists as (

    select
        nct_id,
        case when has_list then lines else [] end as lines_near_lists,
        unnest(lines_near_lists) as line,
        1000 * generate_subscripts(lines_near_lists, 1) as position
    from texts

),

lines_near_lists_placed as (

    select
        nct_id,
        position,
        regexp_extract(line, '^\x01? *') as margin,
        substr(line, length(margin) + 1) as body,
        case
            when contains(line, ' • ') then 'BULLETS'
            when regexp_matches(line, '{{ numbered }}') then 'NUMBERS'
        end as parted_by,
        case
            when parted_by = 'BULLETS'
                then regexp_replace(body, '([^ *-]) +• +', '\1' || chr(3) || '• ', 'g')
            when parted_by = 'NUMBERS'
                then regexp_replace(body, ' +(\(?[0-9]{1,2}\\?[.)])', chr(3) || '\1', 'g')
            else body
        end as candidate
    from lines_near_lists
    where regexp_matches(line, '[\pL\pN]')

),

lists as (

    select
        *,
        string_split(candidate, chr(3)) as pieces,
        case when parted_by = 'NUMBERS' then list_reduce(  -- noqa: PRS, LT02
            list_transform(pieces, lambda piece: [piece]),
            lambda kept, piece: if(
                regexp_matches(piece[1], '^\(?[0-9]{1,2}\\?[.)][ A-Z]')
                and regexp_extract(kept[-1], '{{ mark }}', ['opened', 'closed'])
                = regexp_extract(piece[1], '{{ mark }}', ['opened', 'closed'])
                and try_cast(regexp_extract(kept[-1], '[0-9]+') as bigint) + 1
                = try_cast(regexp_extract(piece[1], '[0-9]+') as bigint),
                kept || piece,
                kept[:-2] || [kept[-1] || ' ' || piece[1]]
            )
        ) end as numbers
    from lines_near_lists_placed

),

lists_parted as (

    select
        nct_id,
        position,
        margin,
        case
            when parted_by = 'NUMBERS' then case when len(numbers) > 2 then numbers else [body] end
            else pieces
        end as items,
        unnest(items) as item,
        generate_subscripts(items, 1) as item_number
    from lists

),

lines as (

    select
        nct_id,
        position,
        line
    from lines_alone
    where regexp_matches(line, '[\pL\pN]')
    union all
    select
        nct_id,
        position + item_number - 1 as position,
        margin || item as line
    from lists_parted

),

final as (

    select
        nct_id,
        position,
        starts_with(line, chr(1)) as is_after_blank,
        case
            when starts_with(line, ' ') or starts_with(line, chr(1) || ' ')
                then length(regexp_extract(line, '^\x01?( +)', 1))
            else 0
        end as indent,
        case
            when indent > 0 then ltrim(line, ' ' || chr(1))
            when is_after_blank then substr(line, 2)
            else line
        end as body
    from lines

)

select * from final
