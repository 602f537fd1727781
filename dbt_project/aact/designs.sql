-- A row where the record gives anything of its design.
select
    aact.row_id('designs', nct_id, 1) as id,
    nct_id,
    allocation,
    intervention_model,
    observational_model,
    primary_purpose,
    time_perspective,
    masking,
    masking_description,
    intervention_model_description,
    is_participant_masked as subject_masked,
    is_care_provider_masked as caregiver_masked,
    is_investigator_masked as investigator_masked,
    is_outcomes_assessor_masked as outcomes_assessor_masked

from marts.dim_trials
where
    is_in_registry
    and coalesce(
        allocation, intervention_model, observational_model, primary_purpose, time_perspective, masking,
        masking_description, intervention_model_description, array_to_string(who_masked, '/')
    ) is not null
