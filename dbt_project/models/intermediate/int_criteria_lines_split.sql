{{ config(materialized='view') }}
{#-
    The eligibility text cut into lines, those without a letter or a number left out. A heading and its first
    criterion on one line are parted. A line below a blank one begins with chr(1).
-#}
{%- set words = '(?:(?:key|main|major|general|additional|common|specific|other|study|patient|the) ){0,2}' -%}
{%- set heading = '[ \\x01]*(?:[#*_\\\\]+ ?)*(?:\\(?[0-9a-z]{1,2}\\\\?[.)] +)?' ~ words ~ '(?:non[- ]?)?(?:in|ex)clusion'
    ~ '(?: criteri(?:a|on|um))?(?: (?:for|of) [^:：\\x02]+| ?[(,–-][^:：\\x02]+)? ?[:：](?:\\\\?[*_])*' -%}
with

records as (

    select * from {{ ref('int_records_current') }}

),

texts as (

    select
        nct_id,
        case
            when
                contains(eligibility_module.eligibilityCriteria, chr(13))
                or contains(eligibility_module.eligibilityCriteria, chr(9))
                or contains(eligibility_module.eligibilityCriteria, chr(160))
                or contains(eligibility_module.eligibilityCriteria, '<!-- -->')
                then replace(replace(replace(replace(
                    eligibility_module.eligibilityCriteria,
                    chr(13), ''), chr(9), '    '), chr(160), ' '), '<!-- -->', '')
            else eligibility_module.eligibilityCriteria
        end as text
    from records

),

texts_marked as (

    select
        nct_id,
        case
            when contains(text, repeat(chr(10), 3)) then regexp_replace(text, '\n(?: *\n)+', chr(10) || chr(1), 'g')
            when not contains(text, chr(10) || ' ') then replace(text, repeat(chr(10), 2), chr(10) || chr(1))
            when regexp_matches(text, '\n +\n') then regexp_replace(text, '\n(?: *\n)+', chr(10) || chr(1), 'g')
            else replace(text, repeat(chr(10), 2), chr(10) || chr(1))
        end as text
    from texts

),

lines as (

    select
        nct_id,
        unnest(string_split(text, chr(10))) as line,
        generate_subscripts(string_split(text, chr(10)), 1) as line_number
    from texts_marked

),

-- chr(2) parts a heading from what follows it.
lines_opened as (

    select
        nct_id,
        line_number,
        case
            when line in ('Inclusion Criteria:', chr(1) || 'Inclusion Criteria:', chr(1) || 'Exclusion Criteria:') then line
            when contains(line, 'clusion') or contains(line, 'CLUSION')
                then regexp_replace(regexp_replace(regexp_replace(
                    line,
                    '([a-z)][.;]) +((?:[A-Z][a-z]+ )?(?:In|Ex|IN|EX)(?:clusion|CLUSION) (?:Criteria|CRITERIA) *:)',
                    '\1' || chr(2) || '\2', 'g'),
                    '(?i)(^|\x02)({{ heading }}) *([^\pL\pN\x02]*[\pL\pN])', '\1\2' || chr(2) || '\3', 'g'),
                    '^([ \x01]*(?:In|Ex|IN|EX)(?:clusion|CLUSION) (?:[Cc]riteria|CRITERIA)\.) +([A-Z])',
                    '\1' || chr(2) || '\2')
            else line
        end as line
    from lines
    where regexp_matches(line, '[\pL\pN]')

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
        line_number * 10 + generate_subscripts(string_split(line, chr(2)), 1) - 1,
        generate_subscripts(string_split(line, chr(2)), 1) > 1 or line_number = 1 or starts_with(line, chr(1)),
        unnest(string_split(line, chr(2))) as line
    from lines_opened
    where contains(line, chr(2))

)

select * from final
