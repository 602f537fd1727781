{#-
    What each day counts, beside the least and the most of the 28 days before: of every rule the listed trials whose
    content breaks it, and of the day what came, changed and went.
-#}
with

snapshots as (

    select * from {{ ref('dim_snapshots') }}

),

flagged as (

    select
        stretches.nct_id,
        flags.rule,
        stretches.snapshot_date,
        stretches.next_snapshot_date

    from {{ ref('int_trial_stretches') }} as stretches
    inner join {{ ref('trial_content_flags') }} as flags
        on
            stretches.nct_id = flags.nct_id
            and stretches.content_hash = flags.content_hash

),

raised_and_gone as (

    select
        rule,
        snapshot_date,
        1 as step

    from flagged
    union all
    select
        rule,
        next_snapshot_date as snapshot_date,
        -1 as step

    from flagged
    where next_snapshot_date is not null

),

steps as (

    select
        rule,
        snapshot_date,
        sum(step) as step

    from raised_and_gone
    group by rule, snapshot_date

),

rules as (

    select distinct rule from flagged

),

broken as (

    select
        'rule.' || rules.rule as metric,
        snapshots.snapshot_date,
        cast(sum(coalesce(steps.step, 0)) over of_rule as bigint) as counted,
        snapshots.studies_count as among

    from snapshots
    cross join rules
    left join steps
        on
            snapshots.snapshot_date = steps.snapshot_date
            and rules.rule = steps.rule
    window of_rule as (partition by rules.rule order by snapshots.snapshot_date)

),

{% set counts = ['new', 'returned', 'changed', 'silent_changed', 'vanished', 'quarantined', 'artefact'] -%}
of_days as (

    select
        snapshot_date,
        studies_count as among,
        unnest([
            {% for count in counts %}
            'day.{{ count }}'{{ ',' if not loop.last }}
            {% endfor %}
        ]) as metric,
        unnest([
            {% for count in counts %}
            {{ count }}_count{{ ',' if not loop.last }}
            {% endfor %}
        ]) as counted

    from snapshots
    where previous_snapshot_date is not null

),

counted as (

    select * from broken
    union all by name
    select * from of_days

),

final as (

    select
        metric,
        snapshot_date,
        counted,
        among,
        counted / among as share,
        count(*) over of_weeks_before as days_before,
        min(counted) over of_weeks_before as least_before,
        max(counted) over of_weeks_before as most_before,
        {{ is_unusual('counted', 'days_before', 'least_before', 'most_before') }} as is_unusual

    from counted
    window of_weeks_before as (
        partition by metric
        order by snapshot_date
        range between interval 28 days preceding and interval 1 day preceding
    )

)

select * from final
