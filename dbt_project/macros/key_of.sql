{#- A number that is equal where what it stands for is equal, and tells nothing else. -#}
{% macro key_of(value) -%}
    if({{ value }} is null, null, md5_number_lower(cast({{ value }} as varchar)))
{%- endmacro %}

{#- The same of what has fields or items: of its JSON. -#}
{% macro key_of_nested(value) -%}
    if({{ value }} is null, null, md5_number_lower(cast(to_json({{ value }}) as varchar)))
{%- endmacro %}
