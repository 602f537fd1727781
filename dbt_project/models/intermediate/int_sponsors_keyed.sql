{#- Each sponsor of each version with the key of the real organisation it stands for. -#}
with

sponsors as (

    select * from {{ ref('stg_ctgov__sponsors') }}

),

final as (

    select
        *,
        {{ surrogate_key([normalised_name('sponsor_name')]) }} as sponsor_key

    from sponsors

)

select * from final
