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

sites_listed as (

    select
        nct_id,
        content_hash,
        unnest(sites) as site

    from said

),

misplaced as (

    select distinct
        sites_listed.nct_id,
        sites_listed.content_hash,
        if(countries.country is null, 'country_unknown', 'site_outside_country') as rule

    from sites_listed
    left join {{ ref('countries') }} as countries
        on {{ country_now("replace(trim(sites_listed.site.country), '’', chr(39))") }} = countries.country
    where
        trim(sites_listed.site.country) <> ''
        and (
            countries.country is null
            or sites_listed.site.latitude not between countries.south and countries.north
            or sites_listed.site.longitude not between countries.west and countries.east
        )

),

final as (

    select
        nct_id,
        content_hash,
        unnest(rules) as rule

    from judged
    union all
    select
        nct_id,
        content_hash,
        rule

    from misplaced

)

select * from final
