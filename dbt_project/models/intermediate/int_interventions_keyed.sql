{#- Each intervention of each version with the key of the real thing it stands for: type and name. -#}
with

interventions as (

    select * from {{ ref('stg_ctgov__interventions') }}

),

final as (

    select
        *,
        {{ surrogate_key(['intervention_type', normalised_name('intervention_name')]) }} as intervention_key

    from interventions

)

select * from final
