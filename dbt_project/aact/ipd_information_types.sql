with

listed as (

    select
        nct_id,
        unnest(ipd_information_types) as name,
        generate_subscripts(ipd_information_types, 1) as type_number

    from marts.dim_trials
    where is_in_registry

),

final as (

    select
        aact.row_id('ipd_information_types', nct_id, type_number) as id,
        nct_id,
        name

    from listed

)

select * from final
