{#- Which rules of quality each content of a trial breaks by itself; trials are flagged by the newest. -#}
with

changed as (

    select * from {{ ref('stg_ctgov__versions_changed') }}
    where {{ in_batch() }}

),

contents as (

    select * from {{ ref('trial_contents') }}
    where {{ in_batch() }}

),

lists as (

    select * from {{ ref('trial_lists') }}
    where {{ in_batch() }}

),

said as (

    select
        contents.*,
        lists.* exclude (nct_id, content_hash)

    from changed
    inner join contents
        on
            changed.nct_id = contents.nct_id
            and changed.content_hash = contents.content_hash
    inner join lists
        on
            changed.nct_id = lists.nct_id
            and changed.content_hash = lists.content_hash

),

judged as (

    select
        nct_id,
        content_hash,
        list_filter(
            [
                {% for rule, condition in quality_conditions().items() -%}
                case when {{ condition }} then '{{ rule }}' end{{ ',' if not loop.last }}
                {% endfor %}
            ],
            lambda rule: rule is not null
        ) as rules

    from said

),

final as (

    select
        nct_id,
        content_hash,
        unnest(rules) as rule

    from judged

)

select * from final
