{#-
    Trials that FDAAA 801 may oblige to report results, and where they stand on the newest day. Estimates: whether a trial is
    obliged is known to its sponsor and the FDA alone.
-#}
with

newest as (

    select max(snapshot_date) as today from {{ ref('stg_ctgov__snapshots') }}

),

obliged as (

    select
        obliged.*,
        newest.today,
        {{ are_results_due('newest.today') }} as is_due,
        located.is_in_registry

    from {{ ref('int_contents_obliged') }} as obliged
    inner join {{ ref('int_trials_located_in_time') }} as located
        on obliged.nct_id = located.nct_id and obliged.content_hash = located.content_hash
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
        {{ obligation_status() }} as obligation_status,
        days_late,
        min_days_late,
        max_days_late,
        greatest(min_days_late - 30, 0) as finable_days,
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
