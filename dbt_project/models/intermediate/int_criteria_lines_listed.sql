{{ config(materialized='view') }}
{#-
    A line that holds a list is parted into its items: criteria set apart by "•", and "1. ... 2. ... 3. ..." where each
    number is one more than the last and written like it.
-#}
{%- set numbers = '^[^0-9(]*(\\(?)[0-9]+\\\\?([.)])' -%}
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
        case when regexp_matches(line, '^\x01? ') then length(regexp_extract(line, '^\x01?( +)', 1)) else 0 end as indent,
        case
            when contains(line, ' • ') then 'BULLETS'
            when regexp_matches(line, '^[ \x01]*(?:[*•] +)?\(?[0-9]{1,2}\\?[.)].* \(?[0-9]{1,2}\\?[.)][ A-Z]') then 'NUMBERS'
        end as parted_by
    from lines

),

lines_listed as (

    select
        * exclude (parted_by),
        case
            when parted_by = 'BULLETS'
                then string_split(regexp_replace(body, '([^ *-]) +• +', '\1' || chr(3) || '• ', 'g'), chr(3))
            else list_reduce(
                list_transform(
                    string_split(regexp_replace(body, ' +(\(?[0-9]{1,2}\\?[.)])', chr(3) || '\1', 'g'), chr(3)),
                    lambda piece: [piece]
                ),
                lambda kept, piece: case
                    when
                        regexp_matches(piece[1], '^\(?[0-9]{1,2}\\?[.)][ A-Z]')
                        and regexp_extract(kept[-1], '{{ numbers }}', ['o', 'c'])
                        = regexp_extract(piece[1], '{{ numbers }}', ['o', 'c'])
                        and regexp_extract(kept[-1], '[0-9]+')::bigint + 1 = regexp_extract(piece[1], '[0-9]+')::bigint
                        then kept || piece
                    else kept[:-2] || [kept[-1] || ' ' || piece[1]]
                end
            )
        end as pieces,
        case when parted_by = 'BULLETS' then 2 else 3 end as pieces_needed
    from lines_placed
    where parted_by is not null

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
        line_position * 1000 + generate_subscripts(case when length(pieces) >= pieces_needed then pieces else [body] end, 1),
        is_after_blank,
        indent,
        unnest(case when length(pieces) >= pieces_needed then pieces else [body] end)
    from lines_listed

)

select * from final
