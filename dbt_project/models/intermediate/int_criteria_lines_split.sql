{{ config(materialized='view') }}
{#- The eligibility text in lines; chr(1) begins one below a blank line, chr(2) what follows a heading. -#}
{%- set heading = '[ \\x01]*(?:[#*_\\\\]+ ?)*(?:\\(?[0-9a-z]{1,2}\\\\?[.)] +)?'
    ~ '(?:(?:key|main|major|general|additional|common|specific|other|study|patient|the) ){0,2}'
    ~ '(?:non[- ]?)?(?:in|ex)clusion(?: criteri(?:a|on|um))?(?: (?:for|of) [^:：\\x02]+| ?[(,–-][^:：\\x02]+)?'
    ~ ' ?[:：](?:\\\\?[*_])*' -%}
{%- set capitals = '(?:In|Ex|IN|EX)(?:clusion|CLUSION)' -%}
with

texts as (

    select
        nct_id,
        eligibility_module.eligibilityCriteria as text
    from {{ ref('int_records_current') }}

),

texts_cleaned as (

    select
        nct_id,
        case
            when
                contains(text, chr(13)) or contains(text, chr(9)) or contains(text, chr(160))
                or contains(text, '<!-- -->')
                then regexp_replace(
                    replace(replace(text, chr(9), '    '), chr(160), ' '), '\r|<!-- -->', '', 'g'
                )
            else text
        end as text
    from texts

),

texts_marked as (

    select
        nct_id,
        case
            when
                contains(text, repeat(chr(10), 3))
                or case when contains(text, chr(10) || ' ') then regexp_matches(text, '\n +\n') else false end
                then regexp_replace(text, '\n(?: *\n)+', chr(10) || chr(1), 'g')
            else replace(text, repeat(chr(10), 2), chr(10) || chr(1))
        end as text
    from texts_cleaned

),

lines as (

    select
        nct_id,
        unnest(string_split(text, chr(10))) as line,
        generate_subscripts(string_split(text, chr(10)), 1) as line_number
    from texts_marked

),

lines_opened as (

    select
        nct_id,
        line_number,
        case
            when ends_with(line, 'clusion Criteria:') and length(line) < 21 then line
            when contains(line, 'clusion') or contains(line, 'CLUSION')
                then regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            line,
                            '([a-z)][.;]) +((?:[A-Z][a-z]+ )?{{ capitals }} (?:Criteria|CRITERIA) *:)',
                            '\1' || chr(2) || '\2', 'g'
                        ),
                        '(?i)(^|\x02)({{ heading }}) *([^\pL\pN\x02]*[\pL\pN])',
                        '\1\2' || chr(2) || '\3', 'g'
                    ),
                    '^([ \x01]*{{ capitals }} (?:[Cc]riteria|CRITERIA)\.) +([A-Z])', '\1' || chr(2) || '\2'
                )
            else line
        end as line
    from lines
    where regexp_matches(line, '[\pL\pN]')

),

lines_parted as (

    select
        nct_id,
        line_number,
        unnest(string_split(line, chr(2))) as line,
        generate_subscripts(string_split(line, chr(2)), 1) as part_number
    from lines_opened
    where contains(line, chr(2))

),

final as (

    select
        nct_id,
        line_number * 10 as line_position,
        line_number = 1 or starts_with(line, chr(1)) as is_after_blank,
        line
    from lines_opened
    where not contains(line, chr(2))
    union all
    select
        nct_id,
        line_number * 10 + part_number - 1 as line_position,
        part_number > 1 or line_number = 1 or starts_with(line, chr(1)) as is_after_blank,
        line
    from lines_parted

)

select * from final
