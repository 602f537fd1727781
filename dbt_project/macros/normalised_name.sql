{#-
    The spelling-independent form of a name: Unicode NFC, typographic quotes and dashes made plain, runs of white
    space made one blank, lower case by simple case mapping. Nothing else: "ER+" and "ER-", "Co." and "Co" stay different.
-#}
{% macro normalised_name(name) -%}
    trim(regexp_replace(lower(nfc_normalize(translate({{ name }}, '‘’“”‐‑‒–—', '''''""-----'))), '[\s\p{Z}]+', ' ', 'g'))
{%- endmacro %}
