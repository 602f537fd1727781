{#-
    The words for a code of the list `list_name`. An unknown code shows itself; no code has no words. The caller
    cross joins `rpt_code_words` (one row) as `mapped`; `words` is mapped.plain_labels, or mapped.labels for
    the registry's own words.
-#}
{% macro label_of(list_name, code, words='mapped.plain_labels') -%}
    coalesce({{ words }}['{{ list_name }}'][{{ code }}], {{ code }})
{%- endmacro %}

{#- The same for a list of codes: as many words in the same order; an empty list stays empty, no list stays none. -#}
{% macro labels_of(list_name, codes, words='mapped.plain_labels') -%}
    list_transform({{ codes }}, lambda code: {{ label_of(list_name, 'code', words) }})
{%- endmacro %}
