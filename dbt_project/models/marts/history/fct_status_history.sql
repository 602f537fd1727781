{#-
    The statuses of a trial, one after the other, by what counts of everything known: our snapshots, and before and
    between them the registry's own history. Each stretch says by which clock its first day is dated.
-#}
with

versions as (

    select * from {{ ref('fct_trial_versions') }}
    where not is_overruled and overall_status is not null

),

newest as (

    select max(snapshot_date) as newest_snapshot_date from {{ ref('stg_ctgov__snapshots') }}

),

compared as (

    select
        *,
        lag(overall_status) over (partition by nct_id order by version_number) as status_before,
        lag(overall_status) over (partition by nct_id, source order by version_number) as status_seen_before

    from versions

),

numbered as (

    select
        *,
        if(status_seen_before <> overall_status, observed_after_date, null) as changed_after,
        count(*) filter (status_before is null or overall_status <> status_before)
            over (partition by nct_id order by version_number) as status_number

    from compared

),

stretches as (

    select
        nct_id,
        status_number,
        first(overall_status order by version_number) as status,
        first(source order by version_number) as source,
        first(clock order by version_number) as clock,
        min(dated_on) as status_from,
        first(changed_after order by version_number) filter (source = 'SNAPSHOTS') as observed_after_date,
        max(last_day) as last_seen_date,
        last(why_stopped order by version_number) filter (why_stopped is not null) as why_stopped,
        first(submitted_on order by version_number) as submitted_on,
        first(posted_on order by version_number) as posted_on

    from numbered
    group by nct_id, status_number

),

final as (

    select
        stretches.nct_id,
        stretches.status_number,
        stretches.status,
        lag(stretches.status) over of_trial as previous_status,
        stretches.source,
        stretches.clock,
        stretches.status_from,
        lead(stretches.status_from) over of_trial as status_to,
        date_diff(
            'day',
            stretches.status_from,
            coalesce(
                lead(stretches.status_from) over of_trial,
                greatest(newest.newest_snapshot_date, stretches.status_from)
            )
        ) as status_days,
        lead(stretches.status_from) over of_trial is null as is_current,
        stretches.observed_after_date is not null as is_start_observed,
        stretches.why_stopped,
        {{ stop_reason('stretches.why_stopped', 'stretches.status') }} as stop_reason,
        stretches.observed_after_date,
        stretches.last_seen_date,
        stretches.submitted_on,
        stretches.posted_on

    from stretches
    cross join newest
    window of_trial as (partition by stretches.nct_id order by stretches.status_number)

)

select * from final
