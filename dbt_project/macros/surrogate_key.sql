{#- A key made of texts: the same texts give the same key on every machine and in every load order. -#}
{% macro surrogate_key(texts) -%}
    md5(concat_ws(chr(31), {% for text in texts %}coalesce({{ text }}, chr(30)){{ ", " if not loop.last }}{% endfor %}))
{%- endmacro %}
