-- Question 6: Which trials are due to report results under FDAAA 801, and which seem overdue?
--
-- A row is one trial that the law may oblige, whose results are due by the newest snapshot or within so
-- many days after it. Estimates from the public record: who is obliged, and since when, is known to the
-- sponsor and the FDA alone. OVERDUE is no finding of a violation; those stand in fct_violation_events.
-- It does not say anything about trials without a completion date, and nothing of other countries' laws.
--
-- Columns:
--   obligation_status  VARCHAR  ONGOING, REPORTED, REPORTED_LATE, OVERDUE or OVERDUE_CANCELLED
--   act_class          VARCHAR  ACT; PROBABLE_ACT; POSSIBLE_ACT, where the record leaves it open
--   due_on             DATE     a year after completion, three with a certificate of delay
--   days_late          BIGINT   days from then to the first results, or to the newest snapshot
--   min_days_late      BIGINT   the kindest reading of the rounds of quality control
--   max_days_late      BIGINT   the strictest reading
--   has_certificate    BOOLEAN  whether a certificate of delay was submitted
--   is_completed       BOOLEAN  whether the completion date is actual; a planned one may still move
--   nct_id             VARCHAR  trial
--   lead_sponsor_name  VARCHAR  lead sponsor
--   brief_title        VARCHAR  short title

with

parameters as (

    select
        90 as days_ahead,
        '%' as lead_sponsor_name  -- one sponsor: 'Pfizer'

),

newest_snapshot as (

    select max(snapshot_date) as snapshot_date from marts.dim_snapshots

),

final as (

    select
        obligations.obligation_status,
        obligations.act_class,
        obligations.due_on,
        obligations.days_late,
        obligations.min_days_late,
        obligations.max_days_late,
        obligations.has_certificate,
        obligations.is_completed,
        obligations.nct_id,
        trials.lead_sponsor_name,
        trials.brief_title

    from marts.fct_results_obligations as obligations
    inner join marts.dim_trials as trials on obligations.nct_id = trials.nct_id
    cross join newest_snapshot
    cross join parameters
    where
        obligations.due_on <= newest_snapshot.snapshot_date + parameters.days_ahead
        and obligations.obligation_status <> 'NO_LONGER_OBLIGED'
        and trials.lead_sponsor_name ilike parameters.lead_sponsor_name

)

select * from final
order by obligation_status asc, days_late desc, nct_id asc
