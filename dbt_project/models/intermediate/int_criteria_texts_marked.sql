{{ config(materialized='view') }}
{#-
    The eligibility text with a heading and what follows it on lines of their own. chr(1) begins a line below a blank
    one, the first, and one that was parted from a heading. Few texts have a heading inside a line: one look tells.
-#}
{%- set heading = '[ \\x01]*(?:[#*_\\\\]+ ?)*(?:\\(?[0-9a-z]{1,2}\\\\?[.)] +)?'
    ~ '(?:(?:key|main|major|general|additional|common|specific|other|study|patient|the) ){0,2}'
    ~ '(?:non[- ]?)?(?:in|ex)clusion(?: criteri(?:a|on|um))?(?: (?:for|of) [^:：\\x02]+| ?[(,–-][^:：\\x02]+)?'
    ~ ' ?[:：](?:\\\\?[*_])*' -%}
{%- set capitals = '(?:In|Ex|IN|EX)(?:clusion|CLUSION)' -%}
{%- set named = '(?:[A-Z][a-z]+ )?' ~ capitals ~ ' (?:Criteria|CRITERIA) *:' -%}
{#- What begins with letters as they stand is found in a text many times faster than what does not. -#}
{%- set followed = '(?i)clusion(?:[^:：\\n]*[:：][^\\pL\\pN\\n]*[\\pL\\pN]| criteria\\. +[A-Z])' -%}
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
        chr(1) || case
            when
                contains(text, repeat(chr(10), 3))
                or case when contains(text, chr(10) || ' ') then regexp_matches(text, '\n +\n') else false end
                then regexp_replace(text, '\n(?: *\n)+', chr(10) || chr(1), 'g')
            else array_to_string(string_split(text, repeat(chr(10), 2)), chr(10) || chr(1))
        end as text
    from texts_cleaned

),

lines_near_headings as (

    select
        nct_id,
        unnest(string_split(text, chr(10))) as line,
        generate_subscripts(string_split(text, chr(10)), 1) as line_number
    from texts_marked
    where
        regexp_matches(text, '{{ followed }}')
        or regexp_matches(text, '\. +{{ named }}')
        or regexp_matches(text, '; +{{ named }}')

),

lines_opened as (

    select
        nct_id,
        line_number,
        case
            when contains(line, 'clusion') or contains(line, 'CLUSION')
                then regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            line, '([a-z)][.;]) +({{ named }})', '\1' || chr(2) || '\2', 'g'
                        ),
                        '(?i)(^|\x02)({{ heading }}) *([^\pL\pN\x02]*[\pL\pN])',
                        '\1\2' || chr(2) || '\3', 'g'
                    ),
                    '^([ \x01]*{{ capitals }} (?:[Cc]riteria|CRITERIA)\.) +([A-Z])', '\1' || chr(2) || '\2'
                )
            else line
        end as line
    from lines_near_headings

),

texts_opened as (

    select
        nct_id,
        string_agg(replace(line, chr(2), chr(10) || chr(1)), chr(10) order by line_number) as text
    from lines_opened
    group by nct_id

),

final as (

    select
        texts_marked.nct_id,
        coalesce(texts_opened.text, texts_marked.text) as text
    from texts_marked
    left join texts_opened on texts_marked.nct_id = texts_opened.nct_id

)

select * from final
