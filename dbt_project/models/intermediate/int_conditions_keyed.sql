{#- Each condition of each version with the key of the real condition it stands for. -#}
with

conditions as (

    select * from {{ ref('stg_ctgov__conditions') }}

),

final as (

    select
        *,
        {{ surrogate_key([normalised_name('condition_name')]) }} as condition_key

    from conditions

)

select * from final
