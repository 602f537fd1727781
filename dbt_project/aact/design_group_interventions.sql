-- An intervention names arms by label: the last arm of that label, or none.
with

labels as (

    select
        interventions.nct_id,
        interventions.intervention_number,
        unnest(interventions.arm_labels) as arm_label,
        generate_subscripts(interventions.arm_labels, 1) as label_number

    from marts.fct_trial_interventions as interventions
    semi join marts.dim_trials as trials
        on interventions.nct_id = trials.nct_id and trials.is_in_registry

),

arms as (

    select
        nct_id,
        arm_label,
        max(arm_number) as arm_number

    from marts.fct_trial_arms
    group by nct_id, arm_label

),

final as (

    select
        aact.row_id(
            'design_group_interventions',
            labels.nct_id,
            labels.intervention_number || '/' || labels.label_number
        ) as id,
        labels.nct_id,
        aact.row_id('design_groups', labels.nct_id, arms.arm_number) as design_group_id,
        aact.row_id('interventions', labels.nct_id, labels.intervention_number) as intervention_id

    from labels
    left join arms on labels.nct_id = arms.nct_id and labels.arm_label = arms.arm_label

)

select * from final
