{#- What we saw of a trial and what the newest day makes of it; the half of dim_trials that a day changes. -#}
with

trials as (

    select * from {{ ref('int_trials_located_in_time') }}

),

recorded as (

    select * from {{ ref('trials_as_recorded') }}

),

absences as (

    select * from {{ ref('int_absences_explained') }}
    where returned_on is null

),

flags as (

    select
        nct_id,
        list(rule order by weight desc, rule asc) as quality_flags,
        sum(weight) as weight

    from {{ ref('fct_quality_flags') }}
    group by nct_id

),

newest_snapshot as (

    select max(snapshot_date) as snapshot_date from {{ ref('stg_ctgov__snapshots') }}

),

quarantine as (

    select distinct listed.nct_id
    from {{ ref('stg_ctgov__quarantine') }} as listed
    semi join newest_snapshot on listed.snapshot_date = newest_snapshot.snapshot_date

),

final as (

    select
        trials.nct_id,
        absences.merged_into_nct_id,
        absences.departure_type,
        case
            when recorded.has_results then 'POSTED'
            when
                recorded.last_unposted_event_type in ('RELEASE', 'RESET')
                or (recorded.last_unposted_event_type is null and recorded.is_last_submission_standing)
                or (
                    recorded.last_unposted_event_type is null
                    and recorded.results_first_submitted_on is not null
                )
                then 'SUBMITTED'
            when
                recorded.overall_status = 'WITHDRAWN'
                or recorded.study_type = 'EXPANDED_ACCESS'
                or recorded.are_results_waived
                then 'NOT_EXPECTED'
            when recorded.results_awaited_by is null then 'NOT_KNOWN'
            when recorded.results_awaited_by < newest_snapshot.snapshot_date then 'NONE_AFTER_A_YEAR'
            else 'NOT_DUE'
        end as results_status,
        coalesce(flags.quality_flags, []) as quality_flags,
        cast(greatest(100 - coalesce(flags.weight, 0), 0) as integer) as quality_score,
        trials.versions_count,
        trials.is_in_registry,
        quarantine.nct_id is not null as is_quarantined,
        {{ is_status_stale('newest_snapshot.snapshot_date') }} as is_status_stale,
        {{ is_status_behind_dates('newest_snapshot.snapshot_date') }} as is_status_behind_dates,
        trials.first_snapshot_date,
        trials.last_snapshot_date,
        absences.absent_from as departed_on

    from trials
    inner join recorded on trials.nct_id = recorded.nct_id
    left join absences on trials.nct_id = absences.nct_id
    left join flags on trials.nct_id = flags.nct_id
    left join quarantine on trials.nct_id = quarantine.nct_id
    cross join newest_snapshot

)

select * from final
