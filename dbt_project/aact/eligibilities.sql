-- A row where the record gives anything of its eligibility.
select
    aact.row_id('eligibilities', nct_id, 1) as id,
    nct_id,
    sampling_method,
    sex as gender,
    minimum_age_text as minimum_age,
    maximum_age_text as maximum_age,
    accepts_healthy_volunteers as healthy_volunteers,
    study_population as population,
    eligibility_criteria as criteria,
    gender_description,
    is_gender_based as gender_based,
    list_contains(standard_ages, 'ADULT') as adult,
    list_contains(standard_ages, 'CHILD') as child,
    list_contains(standard_ages, 'OLDER_ADULT') as older_adult

from marts.dim_trials
where
    is_in_registry
    and (
        coalesce(
            sampling_method, sex, minimum_age_text, maximum_age_text, study_population, eligibility_criteria,
            gender_description, array_to_string(standard_ages, '/')
        ) is not null
        or coalesce(accepts_healthy_volunteers, is_gender_based) is not null
    )
