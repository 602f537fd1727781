-- Question 2: Of trials suspended in phase 2/3 oncology since 2015, what share resumed within 6/12 months?
--
-- A row is one length of time. Only pauses whose beginning our snapshots saw are counted, and of these only
-- those that began so long before the newest snapshot that the whole time has passed: no pause is judged
-- too early. Resumed means that the next status is an open one; a pause that ends as TERMINATED or
-- COMPLETED did not resume.
-- It does not say anything of pauses that began before our first snapshot, so it begins with few.
--
-- Columns:
--   within_days      INTEGER  time given to resume: 182 days are 6 months, 365 days are 12
--   pauses_count     BIGINT   pauses followed for that time; a trial may have several
--   resumed_count    BIGINT   of these, open again within that time
--   resumed_percent  DOUBLE   the share; NULL without pauses

with

parameters as (

    select
        [182, 365] as days_to_resume,
        ['PHASE2', 'PHASE3'] as phases,  -- a trial with any of them counts
        -- conditions, or MeSH terms or those above them, in any case, % for any words
        ['neoplasms', '%cancer%', '%carcinoma%', '%lymphoma%', '%leukemia%', '%tumor%'] as areas,
        date '2015-01-01' as paused_since

),

newest_snapshot as (

    select max(snapshot_date) as snapshot_date from marts.dim_snapshots

),

times as (

    select unnest(days_to_resume) as within_days from parameters

),

stretches as (

    select
        *,
        lead(status) over (partition by nct_id order by status_number) as next_status

    from marts.fct_status_history

),

pauses_in_phase as materialized (

    select
        stretches.nct_id,
        stretches.status_from as paused_on,
        stretches.status_to as ended_on,
        stretches.next_status in (
            'NOT_YET_RECRUITING', 'RECRUITING', 'ENROLLING_BY_INVITATION', 'ACTIVE_NOT_RECRUITING'
        ) as is_resumed

    from stretches
    inner join marts.dim_trials as trials on stretches.nct_id = trials.nct_id
    cross join parameters
    where
        stretches.status = 'SUSPENDED'
        and stretches.is_start_observed
        and stretches.status_from >= parameters.paused_since
        and list_has_any(trials.phases, parameters.phases)

),

area_names as (

    select
        nct_id,
        condition_name as area_name

    from marts.fct_trial_conditions
    where nct_id in (select nct_id from pauses_in_phase)
    union all
    select
        nct_id,
        mesh_term as area_name

    from marts.fct_trial_mesh_terms
    where
        subject = 'CONDITION'
        and relation in ('TERM', 'ANCESTOR')
        and nct_id in (select nct_id from pauses_in_phase)

),

areas as (

    select unnest(areas) as area from parameters

),

trials_in_area as (

    select distinct area_names.nct_id
    from area_names
    inner join areas on area_names.area_name ilike areas.area

),

pauses as (

    select pauses_in_phase.*
    from pauses_in_phase
    semi join trials_in_area on pauses_in_phase.nct_id = trials_in_area.nct_id

),

final as (

    select
        times.within_days,
        count(pauses.paused_on) as pauses_count,
        count(*) filter (pauses.is_resumed and pauses.ended_on <= pauses.paused_on + times.within_days)
            as resumed_count,
        round(100.0 * resumed_count / nullif(pauses_count, 0), 1) as resumed_percent

    from times
    cross join newest_snapshot
    left join pauses on pauses.paused_on + times.within_days <= newest_snapshot.snapshot_date
    group by times.within_days

)

select * from final
order by within_days
