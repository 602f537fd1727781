-- Question 16: Which trials are registered elsewhere (EudraCT, CTIS, ISRCTN)? Half of it: not yet whether
-- they disagree.
--
-- A row is one identifier that a trial has in another registry, by the sponsor's word.
-- It does not say whether the other registry knows the trial, nor its status there: this warehouse reads
-- none but ClinicalTrials.gov so far. A trial whose sponsor names no identifier may be registered elsewhere
-- all the same.
--
-- Columns:
--   nct_id             VARCHAR  trial
--   registry           VARCHAR  EudraCT, CTIS, ISRCTN, or the registry as the sponsor names it
--   identifier         VARCHAR  identifier there, as given
--   identifier_url     VARCHAR  page about it, as given
--   overall_status     VARCHAR  status at ClinicalTrials.gov
--   lead_sponsor_name  VARCHAR  lead sponsor
--   brief_title        VARCHAR  short title

with

parameters as (

    select '%' as registry  -- one registry, in any case: 'ctis'

),

identifiers as (

    select
        *,
        case
            when identifier_type = 'EUDRACT_NUMBER' then 'EudraCT'
            when identifier_type = 'CTIS' then 'CTIS'
            when
                contains(identifier, 'ISRCTN') and regexp_full_match(trim(identifier), 'ISRCTN *[0-9]{8}')
                then 'ISRCTN'
            when identifier_type = 'REGISTRY' then coalesce(identifier_domain, 'not named')
        end as registry

    from marts.fct_trial_identifiers

),

final as (

    select
        identifiers.nct_id,
        identifiers.registry,
        identifiers.identifier,
        identifiers.identifier_url,
        trials.overall_status,
        trials.lead_sponsor_name,
        trials.brief_title

    from identifiers
    inner join marts.dim_trials as trials on identifiers.nct_id = trials.nct_id
    cross join parameters
    where identifiers.registry ilike parameters.registry

)

select * from final
order by registry, nct_id, identifier
