with

listed as (

    select
        nct_id,
        unnest(references_module.references) as reference,
        generate_subscripts(references_module.references, 1) as reference_number

    from {{ ref('int_records_current') }}

),

final as (

    select
        nct_id,
        reference_number,
        reference.pmid as pmid,
        reference.type as reference_type,
        reference.citation as citation,
        reference.retractions as retractions,
        coalesce(len(reference.retractions), 0) > 0 as is_retracted

    from listed

)

select * from final
