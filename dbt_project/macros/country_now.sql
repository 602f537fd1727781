{#-
    A country in lower case by the name the registry gives it now: in 2025 it renamed many, in all of their records and
    without a new version of any. Names seen in records of both times; others stand for themselves.
-#}
{% macro country_now(country) -%}
{%- set former = {
    'turkey': 'turkey (türkiye)',
    'türkiye': 'turkey (türkiye)',
    'korea, republic of': 'south korea',
    'korea, democratic people\'s republic of': 'north korea',
    'russian federation': 'russia',
    'iran, islamic republic of': 'iran',
    'viet nam': 'vietnam',
    'czech republic': 'czechia',
    'moldova, republic of': 'moldova',
    'macedonia, the former yugoslav republic of': 'north macedonia',
    'former yugoslav republic of macedonia': 'north macedonia',
    'congo, the democratic republic of the': 'democratic republic of the congo',
    'congo, democratic republic of the': 'democratic republic of the congo',
    'congo': 'republic of the congo',
    'syrian arab republic': 'syria',
    'lao people\'s democratic republic': 'laos',
    'libyan arab jamahiriya': 'libya',
    'swaziland': 'eswatini',
    'réunion': 'reunion',
    'taiwan, province of china': 'taiwan',
    'tanzania, united republic of': 'tanzania',
    'palestinian territory, occupied': 'palestinian territories',
    'palestinian territories, occupied': 'palestinian territories',
} -%}
    coalesce(
        map { {%- for name, name_now in former.items() -%}
            '{{ name | replace("'", "''") }}': '{{ name_now }}'{{ ', ' if not loop.last }}
        {%- endfor -%} }[lower({{ country }})],
        lower({{ country }})
    )
{%- endmacro %}
