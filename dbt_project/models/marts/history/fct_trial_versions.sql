{#-
    Everything we know of what a trial's record said and when: the stretches of days on which our snapshots show it, and
    the versions that the registry's history lists. What our own snapshots show is certain: a past version dated within
    such a stretch is overruled, as is one dated before a snapshot that shows an older submission, and one that a later
    version is dated before.
-#}
with

stretches as (

    select * from {{ ref('int_trial_stretches') }}

),

snapshots as (

    select * from {{ ref('stg_ctgov__snapshots') }}

),

{# Of a trial that we never saw there is nothing to tell. #}
past_changes as (

    select * from {{ ref('stg_ctgov__past_changes') }}
    where nct_id in (select nct_id from stretches)

),

contents as (

    select * from {{ ref('trial_contents') }}

),

runs_of_days as (

    select distinct
        snapshot_date,
        last_listed_date

    from stretches

),

{# The day that was known first: the first of a run may land late, or be released late. #}
runs_known as (

    select
        runs_of_days.snapshot_date,
        runs_of_days.last_listed_date,
        min(snapshots.known_from) as known_from

    from runs_of_days
    inner join snapshots
        on snapshots.snapshot_date between runs_of_days.snapshot_date and runs_of_days.last_listed_date
    group by runs_of_days.snapshot_date, runs_of_days.last_listed_date

),

seen as (

    select
        stretches.nct_id,
        stretches.content_hash,
        stretches.last_seen_content_hash,
        'SNAPSHOTS' as source,
        cast(null as integer) as history_number,
        stretches.overall_status,
        stretches.why_stopped,
        'OBSERVED' as clock,
        stretches.snapshot_date as dated_on,
        stretches.last_listed_date as last_day,
        stretches.last_seen_date as observed_after_date,
        stretches.last_update_submitted_on as submitted_on,
        stretches.last_update_posted_on as posted_on,
        runs_known.known_from,
        runs_known.known_from as content_known_from,
        false as is_overruled

    from stretches
    inner join runs_known
        on
            stretches.snapshot_date = runs_known.snapshot_date
            and stretches.last_listed_date = runs_known.last_listed_date

),

read as (

    select
        past_changes.nct_id,
        past_changes.content_hash,
        cast(null as varchar) as last_seen_content_hash,
        'HISTORY' as source,
        past_changes.version_number as history_number,
        coalesce(past_changes.overall_status, contents.overall_status) as overall_status,
        contents.why_stopped,
        if(contents.last_update_posted_on is null, 'SUBMITTED', 'POSTED') as clock,
        -- posted no earlier than it was submitted, nor than a version before it was posted
        coalesce(
            contents.last_update_posted_on,
            greatest(past_changes.submitted_on, max(contents.last_update_posted_on) over (
                partition by past_changes.nct_id
                order by past_changes.version_number
                rows between unbounded preceding and 1 preceding
            ))
        ) as dated_on,
        cast(null as date) as last_day,
        cast(null as date) as observed_after_date,
        past_changes.submitted_on,
        contents.last_update_posted_on as posted_on,
        past_changes.known_from,
        past_changes.read_from as content_known_from

    from past_changes
    left join contents
        on
            past_changes.nct_id = contents.nct_id
            and past_changes.content_hash = contents.content_hash

),

submissions_seen as (

    select
        nct_id,
        submitted_on,
        max(last_day) as last_day

    from seen
    where submitted_on is not null
    group by nct_id, submitted_on

),

compared as (

    select
        read.*,
        coalesce(read.dated_on <= greatest(seen.last_day, older.last_day), false) as is_ruled_out

    from read
    asof left join submissions_seen as older
        on
            read.nct_id = older.nct_id
            and read.submitted_on > older.submitted_on
    asof left join seen
        on
            read.nct_id = seen.nct_id
            and read.dated_on >= seen.dated_on

),

past as (

    select
        * exclude (is_ruled_out),
        is_ruled_out
        or coalesce(min(dated_on) filter (not is_ruled_out) over later_versions < dated_on, false)
            as is_overruled

    from compared
    window later_versions as (
        partition by nct_id
        order by history_number
        rows between 1 following and unbounded following
    )

),

known as (

    select * from seen
    union all
    select * from past

),

numbered as (

    select
        *,
        row_number() over (
            partition by nct_id
            order by dated_on, source, history_number
        ) as version_number,
        not is_overruled and content_hash is not null as is_compared

    from known

),

final as (

    select
        nct_id,
        version_number,
        content_hash,
        if(is_compared, lag(if(is_compared, version_number, null) ignore nulls) over of_trial, null)
            as previous_version_number,
        if(is_compared, lag(if(is_compared, content_hash, null) ignore nulls) over of_trial, null)
            as previous_content_hash,
        last_seen_content_hash,
        source,
        history_number,
        overall_status,
        why_stopped,
        clock,
        dated_on,
        last_day,
        observed_after_date,
        submitted_on,
        posted_on,
        known_from,
        content_known_from,
        is_overruled

    from numbered
    window of_trial as (partition by nct_id order by version_number)

)

select * from final
