{{ config(materialized='view') }}
{#-
    A line that holds a list is parted into its items: criteria set apart by "•", and "1. ... 2. ... 3. ..." where each
    number is one more than the last and written like it.
-#}
{%- set mark = '^[^0-9(]*(\\(?)[0-9]+\\\\?([.)])' -%}
{%- set numbered = '^[ \\x01]*(?:[*•] +)?\\(?[0-9]{1,2}\\\\?[.)].* \\(?[0-9]{1,2}\\\\?[.)][ A-Z]' -%}
with

lines as (

    select * from {{ ref('int_criteria_lines_split') }}

),

lines_placed as (

    select
        nct_id,
        line_position,
        is_after_blank,
        case
            when regexp_matches(line, '^\x01? ') then ltrim(line, ' ' || chr(1))
            when starts_with(line, chr(1)) then substr(line, 2)
            else line
        end as body,
        case
            when regexp_matches(line, '^\x01? ') then length(regexp_extract(line, '^\x01?( +)', 1))
            else 0
        end as indent,
        case
            when contains(line, ' • ') then 'BULLETS'
            when regexp_matches(line, '{{ numbered }}') then 'NUMBERS'
        end as parted_by
    from lines

),

candidates as (

    select
        *,
        case
            when parted_by = 'BULLETS' then regexp_replace(body, '([^ *-]) +• +', '\1' || chr(3) || '• ', 'g')
            else regexp_replace(body, ' +(\(?[0-9]{1,2}\\?[.)])', chr(3) || '\1', 'g')
        end as candidate
    from lines_placed
    where parted_by is not null

),

lists as (

    select
        *,
        string_split(candidate, chr(3)) as bullets,
        list_reduce(  -- noqa: PRS
            list_transform(string_split(candidate, chr(3)), lambda piece: [piece]),
            lambda kept, piece: if(
                regexp_matches(piece[1], '^\(?[0-9]{1,2}\\?[.)][ A-Z]')
                and regexp_extract(kept[-1], '{{ mark }}', ['opened', 'closed'])
                = regexp_extract(piece[1], '{{ mark }}', ['opened', 'closed'])
                and try_cast(regexp_extract(kept[-1], '[0-9]+') as bigint) + 1
                = try_cast(regexp_extract(piece[1], '[0-9]+') as bigint),
                kept || piece,
                kept[:-2] || [kept[-1] || ' ' || piece[1]]
            )
        ) as numbers
    from candidates

),

lists_parted as (

    select
        nct_id,
        line_position,
        is_after_blank,
        indent,
        case
            when parted_by = 'BULLETS' then bullets
            when length(numbers) > 2 then numbers
            else [body]
        end as pieces,
        unnest(pieces) as piece,
        generate_subscripts(pieces, 1) as piece_number
    from lists

),

final as (

    select
        nct_id,
        line_position * 1000 as position,
        is_after_blank,
        indent,
        body
    from lines_placed
    where parted_by is null
    union all
    select
        nct_id,
        line_position * 1000 + piece_number as position,
        is_after_blank,
        indent,
        piece as body
    from lists_parted

)

select * from final
