-- Question 14: Which trials vanished from, or were merged in, the registry this year?
--
-- A row is one trial that our snapshots listed and the newest does not, with what its last version said.
-- The year is that of the newest snapshot.
-- It does not say which trials left before our first snapshot, nor those that left and came back. Ids that
-- were aliases of another record before our first snapshot stand in marts.bridge_nct_aliases, without a
-- date.
--
-- Columns:
--   nct_id              VARCHAR  trial
--   departure_type      VARCHAR  VANISHED, MERGED or WITHHELD, by the registry's own answer
--   departed_on         DATE     first snapshot without it
--   last_snapshot_date  DATE     last snapshot with it
--   merged_into_nct_id  VARCHAR  record that answers for it now
--   overall_status      VARCHAR  its last status
--   lead_sponsor_name   VARCHAR  its lead sponsor
--   brief_title         VARCHAR  its short title

with

parameters as (

    select cast(null as date) as departed_since  -- a day; null is 1 January of the newest snapshot's year

),

newest_snapshot as (

    select max(snapshot_date) as snapshot_date from marts.dim_snapshots

),

final as (

    select
        trials.nct_id,
        trials.departure_type,
        trials.departed_on,
        trials.last_snapshot_date,
        trials.merged_into_nct_id,
        trials.overall_status,
        trials.lead_sponsor_name,
        trials.brief_title

    from marts.dim_trials as trials
    cross join newest_snapshot
    cross join parameters
    where
        trials.departed_on
        >= coalesce(parameters.departed_since, date_trunc('year', newest_snapshot.snapshot_date))

)

select * from final
order by departed_on desc, nct_id asc
