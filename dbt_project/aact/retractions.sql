with

listed as (

    select
        publications.nct_id,
        publications.reference_number,
        unnest(publications.retractions) as retraction,
        generate_subscripts(publications.retractions, 1) as retraction_number

    from marts.fct_trial_references as publications
    semi join marts.dim_trials as trials
        on publications.nct_id = trials.nct_id and trials.is_in_registry

),

final as (

    select
        aact.row_id('retractions', nct_id, reference_number || '/' || retraction_number) as id,
        nct_id,
        aact.row_id('study_references', nct_id, reference_number) as reference_id,
        retraction.pmid as pmid,
        retraction.source as source

    from listed

)

select * from final
