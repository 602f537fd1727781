-- Question 15: What is the competitor landscape: active interventional trials by MeSH intervention, phase,
-- sponsor class?
--
-- A row is one MeSH term of an intervention, one phase and one class of lead sponsor. Active means not yet
-- recruiting, recruiting, by invitation, or active and not recruiting.
-- It does not show trials whose interventions the registry could not find in MeSH, mostly new compounds and
-- devices; a trial with several terms is counted under each, so counts do not add up to trials.
--
-- Columns:
--   mesh_term           VARCHAR  MeSH term of the intervention, not the terms above it
--   phase_label         VARCHAR  phases in plain words; NULL: the record names none
--   lead_sponsor_class  VARCHAR  class of the lead sponsor, such as INDUSTRY
--   trials_count        BIGINT   active trials
--   recruiting_count    BIGINT   of these, RECRUITING
--   sponsors_count      BIGINT   lead sponsors that run them
--   participants        BIGINT   participants planned or enrolled, where given

with

parameters as (

    select
        '%' as mesh_term,  -- one term, in any case: 'pembrolizumab'
        '%' as condition  -- only trials for a condition or a MeSH term, in any case: '%melanoma%'

),

active_trials as (

    select *
    from marts.dim_trials
    where
        study_type = 'INTERVENTIONAL'
        and overall_status in (
            'NOT_YET_RECRUITING', 'RECRUITING', 'ENROLLING_BY_INVITATION', 'ACTIVE_NOT_RECRUITING'
        )
        and is_in_registry

),

named as (

    select
        nct_id,
        condition_name as condition

    from marts.fct_trial_conditions
    union all
    select
        nct_id,
        mesh_term as condition

    from marts.fct_trial_mesh_terms
    where subject = 'CONDITION' and relation in ('TERM', 'ANCESTOR')

),

trials_in_area as (

    select nct_id from active_trials
    cross join parameters
    where parameters.condition = '%'
    union all
    select named.nct_id
    from named
    cross join parameters
    where parameters.condition != '%' and named.condition ilike parameters.condition

),

terms as (

    select distinct
        terms.nct_id,
        terms.mesh_term

    from marts.fct_trial_mesh_terms as terms
    semi join trials_in_area on terms.nct_id = trials_in_area.nct_id
    cross join parameters
    where
        terms.subject = 'INTERVENTION'
        and terms.relation = 'TERM'
        and terms.mesh_term ilike parameters.mesh_term

),

final as (

    select
        terms.mesh_term,
        trials.phase_label,
        trials.lead_sponsor_class,
        count(*) as trials_count,
        count(*) filter (trials.overall_status = 'RECRUITING') as recruiting_count,
        count(distinct trials.lead_sponsor_key) as sponsors_count,
        cast(sum(trials.enrollment_count) as bigint) as participants

    from terms
    inner join active_trials as trials on terms.nct_id = trials.nct_id
    group by all

)

select * from final
order by trials_count desc, mesh_term asc, phase_label asc, lead_sponsor_class asc
