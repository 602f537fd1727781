{{ config(materialized='view') }}
{#-
    What each line is by itself: its marker apart from its text, and the kind of list it opens. A label ("Key
    Inclusion Criteria:") opens it anywhere, a sentence only without a marker and with a colon at its end.
-#}
{%- set bullet = '(?:[*+•·▪●○◦➢–—o-]|\\\\[*+-]|\\\\?--+)' -%}
{%- set number = '(?:\\(?[0-9]{1,3}\\\\?[.)]|[0-9]{1,2}(?:\\.[0-9]{1,2})+\\\\?[.)]?|[0-9]{1,2}-'
    ~ '|\\(?[a-zа-я]\\\\?[.)]|\\(?[A-Z]\\\\?[.)]|\\(?[ivx]{2,5}\\\\?[.)]|[①-⑳])' -%}
{%- set tight = '(?:\\(?[0-9]{1,3}\\\\?[.)]|\\\\?-{1,3}|[•·▪●○◦➢]|[①-⑳]|\\([a-zа-я]\\))' -%}
{%- set noun = '(?:i?n|ex|es)clus(?:ion|ione|ión|ão)s?' -%}
{%- set tail = '(?:[ ,(–-].{0,70})?' -%}
{%- set label_bare = '^(?:(?:key|main|major|general|additional|common|the|patient) ){0,2}(?:i?n|ex)clusion'
    ~ ' criteri[a-z]* ?[.:：]?[ /*-]*$|^(?:[^ :]+ ){0,2}(?:in|ex)clusion ?[:：]$|^(?:in|ex)cluded ?[:：]$' -%}
{%- set label_colon = '^(?:[^ :]+ ){0,4}(?:[^ :]+,)?' ~ noun ~ ' (?:criteri|requirement)[a-z]*' ~ tail
    ~ ' ?[:：][ /.*-]*$' -%}
{%- set label_plain = '^(?:[^ :]+ ){0,6}' ~ noun ~ ' criteri[a-z]*'
    ~ '(?: (?:for|of|in|cohort|group|arm|part|phase|specific)' ~ tail ~ '| ?[,(–-].{0,70})?$'
    ~ '|^(?:in|ex)clusions? for [^.]{1,40}$'
    ~ '|^(?:[^ :]+ ){0,3}crit[eéè]r[a-zé]* (?:de |di |d[’]|for )' ~ noun ~ tail ~ ' ?[:：]?$' -%}
{%- set label_other = '^(?:[^ :]+ )?(?:withdrawal|discontinuation|elimination) criteri[a-z]* ?[:：]?$' -%}
{%- set running = '(?:^| )(?:apply|applies|may|must|met|meet|meets|meeting|not|no|is|are|was|were|will|be'
    ~ '|have|has|fit|fulfil[a-z]*|satisf[a-z]*|please|contact|if|who|following|include|includes)(?:[ .,;:]|$)' -%}
{%- set refused = '(?:^|[^a-z])(?:excluded|ineligible|not (?:be )?(?:considered )?'
    ~ '(?:eligible|included|enrolled|randomi[sz]ed)|not (?:enter|participate)|must not have or be)(?:[^a-z]|$)' -%}
{%- set admitted = '(?:^|[^a-z])(?:eligible|included|entry criteria|enrolled|participate)(?:[^a-z]|$)' -%}
{%- set telling = '(?i)clus|xclud|includ|eligib|enrol|entry criteria|participate|criteria *[:：]?$' -%}
{%- set no_marker = '^(?:[A-Z]\\\\?\\. [^A-Z(≥≤]|[0-9]+\\.[0-9][0-9.]* [^A-Z]|[0-9]+- [^A-Za-z])' -%}
with

lines as (

    select * from {{ ref('int_criteria_lines_listed') }}

),

lines_marked as (

    select
        *,
        case
            when regexp_matches(body, '^\* +[A-Z][a-z]') then '* '
            when regexp_matches(body, '^[A-Z][^.)\\]') then ''
            when regexp_matches(body, '^[0-9]{1,3}[.)] [A-Z]') then left(body, instr(body, ' '))
            when regexp_matches(body, '{{ no_marker }}') then ''
            when
                regexp_matches(body, '^(?:{{ bullet }} +)*{{ tight }}[\pL≥≤<>]')
                and not regexp_matches(body, '^(?:{{ bullet }} +)*{{ number }} ')
                then regexp_extract(body, '^((?:{{ bullet }} +)*{{ tight }})', 1)
            else regexp_extract(body, '^((?:{{ bullet }} +)*(?:{{ number }} +)?)', 1)
        end as marker_written
    from lines

),

lines_cut as (

    select
        * exclude (marker_written, body),
        case
            when marker_written = '* ' then '*'
            when marker_written != '' then replace(rtrim(marker_written), '\', '')
        end as marker,
        case
            when ends_with(body, ' ') then rtrim(substr(body, length(marker_written) + 1))
            else substr(body, length(marker_written) + 1)
        end as text,
        case
            when body in ('Inclusion Criteria:', 'Exclusion Criteria:') then lower(body)
            when length(body) >= 250 then null
            when
                marker is not null
                and not (contains(body, 'riteri') or contains(body, 'RITERI') or ends_with(body, ':'))
                then null
            when regexp_matches(body, '{{ telling }}')
                then regexp_replace(
                    trim(regexp_replace(lower(text), '[*_#\\]+', '', 'g')), 'non?[- ]?inclus', 'exclus'
                )
        end as heading_text
    from lines_marked

),

lines_labelled as (

    select
        *,
        if(marker is null and length(text) < 250, regexp_matches(text, '[:：][*_\\ ]*$'), false) as is_lead,
        case
            when heading_text = 'inclusion criteria:' then 'INCLUSION'
            when heading_text = 'exclusion criteria:' then 'EXCLUSION'
            when regexp_matches(heading_text, 'xclusi|esclusi|^excluded')
                then case when not regexp_matches(heading_text, '(?:^|[^a-z])i?nclusi') then 'EXCLUSION' end
            when regexp_matches(heading_text, '(?:^|[^a-z])i?nclus(?:ion|ão|ión)|^included') then 'INCLUSION'
            when marker is null and regexp_matches(heading_text, '{{ label_other }}') then 'OTHER'
        end as kind_named,
        case
            when heading_text is null then false
            when heading_text in ('inclusion criteria:', 'exclusion criteria:') then true
            when regexp_matches(heading_text, '{{ label_bare }}') then true
            when regexp_matches(text, '^(?:IN|EX)CLUSION CRITERI(?:A|ON)[^a-z]*$') then true
            when marker is null and regexp_matches(heading_text, '{{ label_colon }}') then true
            when regexp_matches(heading_text, '{{ running }}') then false
            when marker is not null then regexp_matches(heading_text, '{{ label_colon }}')
            when regexp_matches(heading_text, '{{ label_plain }}|{{ label_other }}') then true
            else regexp_matches(text, '^(?:[^ ]+ ){0,8}(?:(?:In|Ex)clusion|(?:IN|EX)CLUSION)[sS]?$')
        end as is_label
    from lines_cut

),

final as (

    select
        * exclude (heading_text, kind_named, is_label),
        regexp_replace(heading_text, '\([^)]*\)', '', 'g') as words,
        is_label and kind_named is not null as is_label,
        case
            when is_label then kind_named
            when is_lead and regexp_matches(words, '{{ refused }}') then 'EXCLUSION'
            when is_lead and not regexp_matches(heading_text, '(?:^| )not .*clusi') then kind_named
        end as kind_opened,
        is_lead and coalesce(
            regexp_matches(heading_text, '{{ admitted }}') and not contains(heading_text, 'xclu'), false
        ) as is_admitting
    from lines_labelled

)

select * from final
