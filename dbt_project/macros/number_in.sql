{#-
    The number a text is as a whole: "1,313" is 1313 and "0.1" is 0.1. "<5", "NA", "12 (3)" and a decimal comma
    ("-0,083") are no number and give NULL: the text stands beside it.
-#}
{% macro number_in(text) -%}
    case
        when regexp_full_match(trim({{ text }}), '[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?')
            then try_cast(trim({{ text }}) as double)
        when regexp_full_match(trim({{ text }}), '[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?')
            then try_cast(replace(trim({{ text }}), ',', '') as double)
    end
{%- endmacro %}
