{#-
    The registry's markdown made plain for people to read: backslash escapes undone, marks of emphasis and of headings
    removed, a link as "label (url)", a bullet at the start of a line as "• ", HTML entities decoded, no trailing
    blanks. Only marks go: every word and every number stays. A text of one line without marks costs no regular expression.
-#}
{% macro plain_text(text) -%}
{%- set inner = '([^\\s*](?:[^*\\n]*[^\\s*\\\\])?)' -%}
{%- set steps = [
    ('\\\\[*]\\\\[*]' ~ inner ~ '\\\\[*]\\\\[*]', '\\1'),
    ('(^|[^\\\\*])[*][*]' ~ inner ~ '[*][*]', '\\1\\2'),
    ('(^|[^\\\\*\\w])[*]' ~ inner ~ '[*]\\B', '\\1\\2'),
    ('(^|[^\\\\\\w])__([^\\s_](?:[^_\\n]*[^\\s_\\\\])?)__\\b', '\\1\\2'),
    ('(^|[^\\\\\\w])_([^\\s_](?:[^_\\n]*[^\\s_\\\\])?)_\\b', '\\1\\2'),
    ('(^|[^\\\\])\\[([^\\]\\[\\\\]+)\\]\\(([^()\\s]+)\\)', '\\1\\2 (\\3)'),
    ('(?m)^#{1,6}[ \\t]+', ''),
    ('(?m)^([ \\t]*)\\\\?[*-][ \\t]+', '\\1• '),
    ('\\\\([!-/:-@\\[-`{-~])', '\\1'),
] -%}
{%- set entities = [
    ('&nbsp;', ' '), ('&#160;', ' '), ('&#34;', '"'), ('&#60;', '<'), ('&#62;', '>'), ('&#38;', '&'), ('&lt;', '<'), ('&gt;', '>'), ('&quot;', '"'), ('&#39;', "''"), ('&apos;', "''"), ('&amp;', '&'),
] -%}
{%- set plain = namespace(text=text) -%}
{%- for pattern, kept in steps -%}
    {%- set plain.text = "regexp_replace(" ~ plain.text ~ ", '" ~ pattern ~ "', '" ~ kept ~ "', 'g')" -%}
{%- endfor -%}
{%- for entity, character in entities -%}
    {%- set plain.text = "replace(" ~ plain.text ~ ", '" ~ entity ~ "', '" ~ character ~ "')" -%}
{%- endfor -%}
case
        when
            not (
                {% for mark in ['*', '_', '#', '&', '['] %}contains({{ text }}, '{{ mark }}') or {% endfor %}
                contains({{ text }}, chr(92)) or contains({{ text }}, chr(10))
                or starts_with({{ text }}, '-') or starts_with({{ text }}, ' ') or starts_with({{ text }}, chr(9))
                or ends_with({{ text }}, ' ') or ends_with({{ text }}, chr(9))
            )
            then {{ text }}
        when not regexp_matches({{ text }}, '[\\*_#&\[]|(?m)^[ \t]*-|(?m)[ \t]$|\n$') then {{ text }}
        when not regexp_matches({{ text }}, '[*_#&\[]|(?m)^[ \t]*\\?-|(?m)[ \t]$|\n$')
            then regexp_replace({{ text }}, '\\([!-/:-@\[-`{-~])', '\1', 'g')
        else regexp_replace({{ plain.text }}, '(?m)[ \t]+$|\s+\z', '', 'g')
    end
{%- endmacro %}
