{#-
    Of a trial counts what is newest of all that is dated up to the day: a stretch of our snapshots, which shows the
    record on each of its days, or a past version of the registry's history. On equal days our snapshots count.
-#}
with

asked as (

    select
        cast(day as date) as as_of,
        cast(known_at as timestamp) as known_by

),

snapshots as (

    select
        snapshots.snapshot_date,
        snapshots.known_from <= asked.known_by as is_known,
        snapshots.snapshot_date <= asked.as_of as is_past

    from {{ ref('dim_snapshots').include(database=false) }} as snapshots
    cross join asked

),

days as (

    select
        snapshot_date,
        min(snapshot_date) filter (is_known) over until_the_end as first_known,
        max(snapshot_date) filter (is_known) over until_then as last_known,
        max(snapshot_date) filter (is_known and is_past) over () as newest_known

    from snapshots
    window
        until_the_end as (order by snapshot_date rows between current row and unbounded following),
        until_then as (order by snapshot_date)

),

stretches as (

    select
        versions.nct_id,
        versions.version_number,
        first_days.first_known,
        last_days.last_known,
        last_days.newest_known,
        versions.submitted_on

    from {{ ref('fct_trial_versions').include(database=false) }} as versions
    inner join days as first_days on versions.dated_on = first_days.snapshot_date
    inner join days as last_days on versions.last_day = last_days.snapshot_date
    where first_days.first_known <= last_days.last_known

),

shown_by_snapshots as (

    select
        stretches.nct_id,
        stretches.version_number,
        least(asked.as_of, stretches.last_known) as shown_on,
        stretches.newest_known <= stretches.last_known as is_listed,
        stretches.first_known as known_dated_on

    from stretches
    cross join asked
    where stretches.first_known <= asked.as_of

),

past as (

    select
        versions.nct_id,
        versions.version_number,
        versions.history_number,
        versions.submitted_on,
        versions.content_known_from <= asked.known_by as is_content_known,
        if(
            is_content_known,
            versions.dated_on,
            greatest(versions.submitted_on, max(if(is_content_known, versions.posted_on, null)) over (
                partition by versions.nct_id
                order by versions.history_number
                rows between unbounded preceding and 1 preceding
            ))
        ) as dated_on

    from {{ ref('fct_trial_versions').include(database=false) }} as versions
    cross join asked
    where versions.source = 'HISTORY' and versions.known_from <= asked.known_by

),

submissions_shown as (

    select
        nct_id,
        submitted_on,
        max(last_known) as last_known

    from stretches
    where submitted_on is not null
    group by nct_id, submitted_on

),

past_beside_snapshots as (

    select past.*
    from past
    asof left join stretches
        on
            past.nct_id = stretches.nct_id
            and past.dated_on >= stretches.first_known
    asof left join submissions_shown as older
        on
            past.nct_id = older.nct_id
            and past.submitted_on > older.submitted_on
    where past.dated_on > coalesce(greatest(stretches.last_known, older.last_known), date '0001-01-01')

),

newest_day as (

    select max(newest_known) as newest_known from days

),

{# What our newest day up to the one asked for does not list, history does not bring back. #}
shown_by_history as (

    select
        past.nct_id,
        arg_max(past.version_number, past.history_number) as version_number,
        arg_max(past.dated_on, past.history_number) as shown_on,
        newest.newest_known is null or shown_on > newest.newest_known as is_listed,
        shown_on as known_dated_on

    from past_beside_snapshots as past
    cross join asked
    cross join newest_day as newest
    where past.dated_on <= asked.as_of
    group by past.nct_id, newest.newest_known

),

shown as (

    select
        *,
        true as is_snapshot

    from shown_by_snapshots
    union all
    select
        *,
        false as is_snapshot

    from shown_by_history

),

newest as (

    select
        nct_id,
        arg_max(version_number, (shown_on, is_snapshot)) as version_number,
        arg_max(is_listed, (shown_on, is_snapshot)) as is_listed,
        arg_max(known_dated_on, (shown_on, is_snapshot)) as dated_on

    from shown
    group by nct_id

),

{# What was not known yet is left out before contents are joined: within the join it makes it quadratic. #}
told as (

    select
        versions.nct_id,
        versions.version_number,
        versions.source,
        versions.content_known_from <= asked.known_by as is_content_known,
        if(is_content_known, versions.clock, 'SUBMITTED') as clock,
        newest.dated_on,
        versions.submitted_on,
        if(is_content_known, versions.posted_on, null) as posted_on,
        versions.overall_status,
        if(is_content_known, versions.content_hash, null) as known_content_hash

    from newest
    inner join {{ ref('fct_trial_versions').include(database=false) }} as versions
        on newest.nct_id = versions.nct_id and newest.version_number = versions.version_number
    cross join asked
    where newest.is_listed

)

select
    told.* exclude (is_content_known, known_content_hash),
    contents.* exclude (nct_id, overall_status)

from told
left join {{ ref('trial_contents').include(database=false) }} as contents
    on told.nct_id = contents.nct_id and told.known_content_hash = contents.content_hash
