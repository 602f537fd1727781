{#- Each version with its partial dates read as the days they can mean. -#}
with

versions as (

    select * from {{ ref('stg_ctgov__versions') }}

),

final as (

    select
        *,
        {{ partial_date('start_date') }},
        {{ partial_date('primary_completion_date') }},
        {{ partial_date('completion_date') }},
        {{ partial_date('status_verified_date') }}

    from versions

)

select * from final
