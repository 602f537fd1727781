{#-
    Since when without a break a trial's versions say what its newest says: rows of `said_now` (nct_id, `column`) with
    since and since_clock, by `said` (nct_id, content_hash, `column`) of every content.
-#}
{% macro standing_since(said_now, said, column) -%}
(
        select
            nct_id,
            {{ column }},
            arg_min(dated_on, version_number) as since,
            arg_min(clock, version_number) as since_clock

        from (
            select
                said_now.nct_id,
                said_now.{{ column }},
                versions.version_number,
                versions.dated_on,
                versions.clock,
                max(if(said.nct_id is null, versions.version_number, null)) over (
                    partition by said_now.nct_id, said_now.{{ column }}
                ) as last_without

            from {{ said_now }} as said_now
            inner join {{ ref('int_versions_shown') }} as versions on said_now.nct_id = versions.nct_id
            left join {{ said }} as said
                on
                    versions.nct_id = said.nct_id
                    and versions.content_hash = said.content_hash
                    and said_now.{{ column }} = said.{{ column }}
        )
        where version_number > coalesce(last_without, 0)
        group by nct_id, {{ column }}
    )
{%- endmacro %}
