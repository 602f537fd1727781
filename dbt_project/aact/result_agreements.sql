-- A row where the results say anything of an agreement with investigators.
select
    aact.row_id('result_agreements', nct_id, 1) as id,
    nct_id,
    is_investigator_sponsor_employee as pi_employee,
    cast(null as varchar) as agreement,
    agreement_restriction_type as restriction_type,
    agreement_other_details as other_details,
    has_restrictive_agreement as restrictive_agreement

from marts.dim_trials
where
    is_in_registry
    and (
        coalesce(is_investigator_sponsor_employee, has_restrictive_agreement) is not null
        or coalesce(agreement_restriction_type, agreement_other_details) is not null
    )
