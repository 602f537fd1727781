{#- Of the name of a drug, what tells it from another: not its dose, unit, route or form. -#}
{% macro without_dose(text) -%}
regexp_replace(
    {{ text }},
    '\b(?:[0-9][0-9.,]*|mg|mcg|ug|g|kg|ml|l|iu|units?|m2|iv|im|sc|po|intravenous|intramuscular|subcutaneous|oral|topical|injections?|injectable|infusions?|solution|suspension|tablets?|capsules?|cream|gel|ointment|product|doses?|daily|weekly|monthly|once|twice|bid|qd|tid|low|high)\b',
    ' ',
    'g'
)
{%- endmacro %}

{#- What a text is about, as a list of words: none that every text of its kind has, no abbreviation in brackets. -#}
{% macro content_words(text) -%}
list_distinct(regexp_extract_all(
    regexp_replace(
        regexp_replace({{ text }}, '\([\pL\pN/-]{1,10}\)', ' ', 'g'),
        '\b(?:a|an|and|are|as|assessed|at|baseline|be|been|between|by|change|changes|day|during|for|from|has|have|hour|in|is|mean|measured|month|number|of|on|or|participant|participants|patient|patients|percentage|proportion|rate|subject|subjects|that|the|this|time|to|up|using|was|week|were|who|will|with|year)\b',
        ' ',
        'g'
    ),
    '[\pL\pN]+(?:[.,]\pN+)*|[%<>=+]+'
))
{%- endmacro %}

{#-
    How surely an item of the version before, `was`, is the item `now` of the version after; NULL: it is not. Above 1:
    they share what names them, the more the higher. Up to 1: the share of words that they share, by which at most 0.35
    is another thing. `said_1` to `said_4` are the canonical texts of an item's first four fields (`listed_items`).
-#}
{% macro pairing_score() -%}
case was.kind
    when 'TRIAL' then 9
    when 'OUTCOME' then case
        when was.said_1 = now.said_1 and was.said_3 = now.said_3 and was.said_2 = now.said_2 then 6
        when was.said_1 = now.said_1 and was.said_3 = now.said_3 then 5
        when was.said_1 = now.said_1 and was.said_2 = now.said_2 then 4
        when was.said_1 = now.said_1 then 3
        when was.said_4 = now.said_4 and length(was.said_4) > 60 and was.said_2 = now.said_2 then 2
        when was.said_2 = now.said_2 and was.said_3 = now.said_3 and was.said_4 = now.said_4 and shared_words > 0 then 1 + shared_words
        when was.said_2 = now.said_2 and shared_words > 0.35 then shared_words
        when shared_words >= 0.75 then shared_words - 0.1
    end
    when 'ARM' then case
        when was.said_1 = now.said_1 and was.said_2 = now.said_2 then 5
        when was.said_1 = now.said_1 then 4
        when was.said_4 = now.said_4 and length(was.said_4) > 40 then 3
        when was.said_2 = now.said_2 and was.said_3 = now.said_3 and shared_words > 0.2 then 1 + shared_words
        when shared_words > 0.35 then shared_words
    end
    when 'INTERVENTION' then case
        when was.said_1 = now.said_1 and was.said_2 = now.said_2 then 5
        when was.said_1 = now.said_1 then 4
        when
            list_contains(string_split(lower(now.said[5].value), ' | '), was.said_1)
            or list_contains(string_split(lower(was.said[5].value), ' | '), now.said_1)
            then 3
        when was.said_4 = now.said_4 and length(was.said_4) > 40 then 2
        when was.said_2 = now.said_2 and shared_words > 0.35 then shared_words
    end
    when 'SITE' then case
        when coalesce({{ country_now('was.said_3') }}, '') <> coalesce({{ country_now('now.said_3') }}, '') then null
        when
            coalesce(was.said_1, '') = coalesce(now.said_1, '')
            and coalesce(was.said_2, '') = coalesce(now.said_2, '')
            then if(coalesce(was.said_4, '') = coalesce(now.said_4, ''), 6, 5)
        when was.said_1 = now.said_1 and was.said_4 = now.said_4 then 4
        when was.said_2 = now.said_2 and was.said_4 = now.said_4 then 3
        when was.said_2 = now.said_2 and shared_words > 0.35 then shared_words
        when
            was.said_1 = now.said_1
            and len(was.words) > 1
            and not regexp_matches(was.said_1, 'site|institution|research|investigat|facility|center #')
            then 0.5
    end
    when 'CRITERION' then case
        when was.said_1 = now.said_1 then 5
        when coalesce(was.said_2, '') = coalesce(now.said_2, '') and shared_words > 0.35 then shared_words
        when shared_words >= 0.75 then shared_words - 0.1
    end
    when 'CENTRAL_CONTACT' then case when was.said_1 = now.said_1 then 5 when was.said_3 = now.said_3 then 4 end
    when 'OVERALL_OFFICIAL' then case
        when was.said_1 = now.said_1 then 5
        when was.said_3 = now.said_3 and was.said_2 = now.said_2 then 4
    end
    when 'REFERENCE' then case
        when was.said_1 = now.said_1 then 5
        when was.said_3 = now.said_3 then 4
        when was.said_1 is null and now.said_1 is null and shared_words > 0.5 then shared_words
    end
    when 'LINK' then case when was.said_1 = now.said_1 then 5 when was.said_2 = now.said_2 then 4 end
    when 'SHARED_DATA' then case when was.said_1 = now.said_1 then 5 when was.said_3 = now.said_3 then 4 end
    when 'DOCUMENT' then case when was.said_1 = now.said_1 then 5 when was.said_2 = now.said_2 then 4 end
    when 'RESULT_SUBMISSION' then case
        when was.said_1 = now.said_1 then 5
        when was.said_4 = now.said_4 then 4
        when was.item_number = now.item_number then 3
    end
    when 'UNPOSTED_EVENT' then case
        when was.said_1 = now.said_1 and was.said_2 = now.said_2 then 5
        when was.said_1 = now.said_1 and (was.said_2 is null or now.said_2 is null) then 4
    end
    when 'VIOLATION' then case
        when was.said_1 = now.said_1 and was.said_2 = now.said_2 then 5
        when was.said_1 = now.said_1 and was.said_3 = now.said_3 then 4
    end
    when 'SECONDARY_ID' then case when was.said_1 = now.said_1 then 5 end
    when 'COUNTRY' then case when {{ country_now('was.said_1') }} = {{ country_now('now.said_1') }} then 5 end
    when 'REMOVED_COUNTRY' then case when was.said_1 = now.said_1 then 5 end
    else case when was.said_1 = now.said_1 then 5 when shared_words > 0.5 then shared_words end
end
{%- endmacro %}
