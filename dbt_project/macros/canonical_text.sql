{#-
    A text without its marks: HTML (the registry's history has it), markdown and its escapes, bullets, entities; runs of
    white space are one blank. Signs that mean something ("<18", "≥") stay.
-#}
{% macro without_markup(text) -%}
{%- set steps = [
    ('&nbsp;|&#160;', ' '),
    ('&lt;|&#60;', '<'),
    ('&gt;|&#62;', '>'),
    ('&quot;|&#34;', '"'),
    ('&#39;|&apos;', "''"),
    ('&amp;|&#38;', '&'),
    ('(?i)<sup>', '^'),
    ('(?i)</?(?:a|b|i|u|em|strong|span|sub|sup|font)(?:\\s+[a-z-]+="[^"<>]*")*\\s*/?>', ''),
    ('(?i)</?(?:p|br|ul|ol|li|div|table|tbody|thead|tr|td|th|h[1-6]|hr)(?:\\s+[a-z-]+="[^"<>]*")*\\s*/?>', ' '),
    ('(?m)^[ \\t]*(?:[*•·]|#{1,6})[ \\t]+', ' '),
    ('(?m)^[ \\t]*-[ \\t]+([^0-9\\s])', ' \\1'),
    ('\\\\([!-/:-@\\[-`{-~])', '\\1'),
    ('[*]{2}([^*\\s](?:[^*]*[^*\\s])?)[*]{2}', '\\1'),
    ('__([^_\\s](?:[^_]*[^_\\s])?)__', '\\1'),
    ('[\\s\\p{Z}]+', ' '),
] -%}
{%- set plain = namespace(text='nfc_normalize(' ~ text ~ ')') -%}
{%- for pattern, kept in steps -%}
    {%- set plain.text = "regexp_replace(" ~ plain.text ~ ", '" ~ pattern ~ "', '" ~ kept ~ "', 'g')" -%}
{%- endfor -%}
    trim({{ plain.text }})
{%- endmacro %}

{#-
    What two texts share that say the same: no marks, no capitals (but of "10 mM"), plain quotes and dashes, units of
    time and signs in one spelling, no stop at the end.
-#}
{% macro canonical_text(text) -%}
{%- set units = [('hours?|hrs?', 'hour'), ('days?', 'day'), ('weeks?|wks?', 'week'), ('months?|mos?', 'month'), ('years?|yrs?', 'year')] -%}
{%- set plain = namespace(
    text="lower(translate(regexp_replace(" ~ without_markup(text) ~ ", '([0-9] ?[mnpµ]?)M\\b', '\\1 molar', 'g'), '‘’“”‐‑‒–—', '''''\"\"-----'))"
) -%}
{%- for spellings, unit in units -%}
    {%- set plain.text = "regexp_replace(" ~ plain.text ~ ", '\\b(?:" ~ spellings ~ ")\\b', '" ~ unit ~ "', 'g')" -%}
{%- endfor -%}
    rtrim(replace(replace({{ plain.text }}, '≥', '>='), '≤', '<='), ' .;')
{%- endmacro %}
