with

listed as (

    select
        interventions.nct_id,
        interventions.intervention_number,
        unnest(interventions.other_names) as name,
        generate_subscripts(interventions.other_names, 1) as name_number

    from marts.fct_trial_interventions as interventions
    semi join marts.dim_trials as trials
        on interventions.nct_id = trials.nct_id and trials.is_in_registry

),

final as (

    select
        aact.row_id('intervention_other_names', nct_id, intervention_number || '/' || name_number) as id,
        nct_id,
        aact.row_id('interventions', nct_id, intervention_number) as intervention_id,
        name

    from listed

)

select * from final
