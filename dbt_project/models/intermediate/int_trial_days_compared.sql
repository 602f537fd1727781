{#-
    Each day a trial was in the registry, beside the day it was seen before and the one it was seen next. A day on
    which its record was not read has the content of the newest day before on which it was: a day may land late.
-#}
with

presence as (

    select * from {{ ref('stg_ctgov__presence') }}

),

versions as (

    select * from {{ ref('stg_ctgov__versions') }}

),

snapshots as (

    select * from {{ ref('stg_ctgov__snapshots') }}

),

contents as (

    select
        nct_id,
        snapshot_date,
        coalesce(
            last_value(case when read_on = snapshot_date then content_hash end ignore nulls) over (
                partition by nct_id
                order by snapshot_date
                rows between unbounded preceding and current row
            ),
            content_hash
        ) as content_hash

    from presence

),

days as (

    select
        contents.nct_id,
        contents.snapshot_date,
        contents.content_hash,
        snapshots.data_timestamp,
        snapshots.previous_snapshot_date,
        snapshots.next_snapshot_date,
        snapshots.next_data_timestamp,
        versions.overall_status,
        versions.why_stopped,
        versions.first_posted_on,
        versions.last_update_submitted_on,
        versions.last_update_posted_on

    from contents
    inner join snapshots on contents.snapshot_date = snapshots.snapshot_date
    inner join versions
        on
            contents.nct_id = versions.nct_id
            and contents.content_hash = versions.content_hash

),

final as (

    select
        *,
        lag(snapshot_date) over of_trial as last_seen_date,
        lag(data_timestamp) over of_trial as last_seen_at,
        lag(content_hash) over of_trial as last_seen_content_hash,
        lag(overall_status) over of_trial as last_seen_status,
        lag(last_update_posted_on) over of_trial as last_seen_posted_on,
        lead(snapshot_date) over of_trial as next_seen_date

    from days
    window of_trial as (partition by nct_id order by snapshot_date)

)

select * from final
