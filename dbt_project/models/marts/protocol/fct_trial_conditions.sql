with

listed as (

    select
        nct_id,
        unnest(conditions_module.conditions) as condition_name,
        generate_subscripts(conditions_module.conditions, 1) as condition_number

    from {{ ref('int_records_current') }}

),

final as (

    select
        nct_id,
        condition_number,
        case
            when condition_name is not null
                then {{ surrogate_key([normalised_name('condition_name')]) }}
        end as condition_key,
        condition_name

    from listed

)

select * from final
