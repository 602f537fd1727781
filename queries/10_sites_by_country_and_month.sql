-- Question 10: How many sites opened or closed per country and month, for an intervention class?
--
-- A row is one month and country with sites that came, closed or went, in trials with the intervention
-- type, by our snapshots and the past versions that were read. A site that changed its spelling is none.
-- It does not say when a site began to recruit, unless its status says so; sites of the first version known
-- were not seen to open.
--
-- Columns:
--   month          DATE     first day of the month of the snapshot or past version that shows it
--   country        VARCHAR  country of the site
--   added_count    BIGINT   sites listed for the first time
--   opened_count   BIGINT   sites whose status became RECRUITING
--   closed_count   BIGINT   sites whose status became COMPLETED, TERMINATED or WITHDRAWN
--   removed_count  BIGINT   sites listed no more
--   trials_count   BIGINT   trials with any of these

with

parameters as (

    select 'DRUG' as intervention_type

),

trials as (

    select distinct interventions.nct_id
    from marts.fct_trial_interventions as interventions
    inner join parameters on interventions.intervention_type = parameters.intervention_type

),

final as (

    select
        cast(date_trunc('month', changes.dated_on) as date) as month,
        changes.part as country,
        count(*) filter (changes.field is null and changes.change_type = 'ADDED') as added_count,
        count(*) filter (changes.field = 'site_status' and changes.after_value = 'RECRUITING')
            as opened_count,
        count(*) filter (
            changes.field = 'site_status'
            and changes.after_value in ('COMPLETED', 'TERMINATED', 'WITHDRAWN')
            and coalesce(changes.before_value, '') not in ('COMPLETED', 'TERMINATED', 'WITHDRAWN')
        ) as closed_count,
        count(*) filter (changes.field is null and changes.change_type = 'REMOVED') as removed_count,
        count(distinct changes.nct_id) as trials_count

    from marts.fct_trial_changes as changes
    inner join trials on changes.nct_id = trials.nct_id
    where changes.kind = 'SITE' and changes.materiality = 'MINOR'
    group by month, country
    having added_count + opened_count + closed_count + removed_count > 0

)

select * from final
order by month desc, country asc
