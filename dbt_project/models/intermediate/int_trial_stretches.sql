{#-
    Each stretch of days over which a trial was listed with one content, beside the stretch before and the one after.
    A stretch ends where the content changes or the trial is listed no more.
-#}
with

changes as (

    select
        nct_id,
        snapshot_date,
        content_hash,
        lead(snapshot_date) over (partition by nct_id order by snapshot_date) as changed_on

    from {{ ref('stg_ctgov__presence_changes') }}

),

versions as (

    select * from {{ ref('trial_contents') }}

),

snapshots as (

    select * from {{ ref('stg_ctgov__snapshots') }}

),

newest as (

    select max(snapshot_date) as snapshot_date from snapshots

),

bounded as (

    select
        changes.nct_id,
        changes.snapshot_date,
        changes.content_hash,
        coalesce(changed.previous_snapshot_date, newest.snapshot_date) as last_listed_date

    from changes
    left join snapshots as changed on changes.changed_on = changed.snapshot_date
    cross join newest
    where changes.content_hash is not null

),

stretches as (

    select
        bounded.nct_id,
        bounded.snapshot_date,
        bounded.last_listed_date,
        bounded.content_hash,
        started.data_timestamp,
        started.previous_snapshot_date,
        ended.data_timestamp as last_listed_at,
        ended.next_snapshot_date,
        ended.next_data_timestamp,
        versions.overall_status,
        versions.why_stopped,
        versions.first_posted_on,
        versions.last_update_submitted_on,
        versions.last_update_posted_on

    from bounded
    inner join snapshots as started on bounded.snapshot_date = started.snapshot_date
    inner join snapshots as ended on bounded.last_listed_date = ended.snapshot_date
    inner join versions
        on
            bounded.nct_id = versions.nct_id
            and bounded.content_hash = versions.content_hash

),

final as (

    select
        * exclude (last_listed_at),
        lag(last_listed_date) over of_trial as last_seen_date,
        lag(content_hash) over of_trial as last_seen_content_hash,
        lag(overall_status) over of_trial as last_seen_status,
        lag(last_update_posted_on) over of_trial as last_seen_posted_on,
        lead(snapshot_date) over of_trial as next_seen_date

    from stretches
    window of_trial as (partition by nct_id order by snapshot_date)

)

select * from final
