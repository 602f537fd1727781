{#-
    Trials that FDAAA 801 may oblige to report results, and where they stand on the newest day. Estimates: whether a trial is
    obliged is known to its sponsor and the FDA alone.
-#}
with

newest as (

    select max(snapshot_date) as today from {{ ref('stg_ctgov__snapshots') }}

),

{# The newest of a trial's contents that obliges: of some it is a former one. #}
obliging as (

    select
        versions.nct_id,
        arg_max(versions.content_hash, versions.version_number) as content_hash

    from {{ ref('int_versions_shown') }} as versions
    semi join {{ ref('int_contents_obliged') }} as obliged
        on
            versions.nct_id = obliged.nct_id
            and versions.content_hash = obliged.content_hash
    group by versions.nct_id

),

obliged as (

    select
        obliged.*,
        newest.today,
        {{ are_results_due('newest.today') }} as is_due,
        located.is_in_registry,
        located.is_in_registry and located.content_hash = obliging.content_hash as is_obliged

    from obliging
    inner join {{ ref('int_contents_obliged') }} as obliged
        on obliging.nct_id = obliged.nct_id and obliging.content_hash = obliged.content_hash
    inner join {{ ref('int_trials_located_in_time') }} as located on obliging.nct_id = located.nct_id
    cross join newest

),

measured as (

    select
        *,
        {{ days_late('reported_on', 'today') }} as days_late,
        {{ days_late('coalesce(qc_started_on, reported_on)', 'today') }} as min_days_late,
        {{ days_late('case when qc_started_on is null then reported_on else qc_restarted_on end', 'today') }}
            as max_days_late

    from obliged

),

final as (

    select
        nct_id,
        act_class,
        if(is_obliged, {{ obligation_status() }}, 'NO_LONGER_OBLIGED') as obligation_status,
        if(is_obliged, days_late, null) as days_late,
        if(is_obliged, min_days_late, null) as min_days_late,
        if(is_obliged, max_days_late, null) as max_days_late,
        if(is_obliged, greatest(min_days_late - 30, 0), null) as finable_days,
        is_in_registry,
        is_due,
        is_completed,
        has_certificate,
        coalesce(disposition_first_submitted_on > completed_on + interval 1 year, false)
            as is_certificate_late,
        is_cancelled,
        completed_on,
        due_on,
        reported_on,
        qc_started_on,
        qc_restarted_on,
        estimated_results_first_submitted_on as registry_due_on

    from measured

)

select * from final
