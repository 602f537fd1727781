{#- Each location of each version with the key of the real place it stands for. -#}
with

locations as (

    select * from {{ ref('stg_ctgov__locations') }}

),

final as (

    select
        *,
        {{ surrogate_key([
            normalised_name('facility'), normalised_name('city'), normalised_name('state'),
            normalised_name('zip'), normalised_name('country'),
        ]) }} as site_key

    from locations

)

select * from final
