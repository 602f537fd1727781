with

listed as (

    select
        nct_id,
        unnest(keywords) as name,
        generate_subscripts(keywords, 1) as keyword_number

    from marts.dim_trials
    where is_in_registry

),

final as (

    select
        aact.row_id('keywords', nct_id, keyword_number) as id,
        nct_id,
        name,
        aact.downcase(name) as downcase_name

    from listed

)

select * from final
