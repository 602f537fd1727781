{#-
    Trials that FDAAA 801 may oblige to report results, and where they stand on the newest day. Estimates: whether a trial is
    obliged is known to its sponsor and the FDA alone.
-#}
with

newest as (

    select max(snapshot_date) as today from {{ ref('stg_ctgov__snapshots') }}

),

regulated as (

    select distinct nct_id from {{ ref('fct_trial_interventions') }}
    where
        intervention_type in (
            'BIOLOGICAL', 'COMBINATION_PRODUCT', 'DEVICE', 'DIAGNOSTIC_TEST', 'DRUG', 'GENETIC', 'RADIATION'
        )

),

in_us as (

    select distinct nct_id from {{ ref('fct_trial_countries') }}
    where
        country in (
            'American Samoa',
            'Guam',
            'Northern Mariana Islands',
            'Puerto Rico',
            'U.S. Virgin Islands',
            'United States',
            'Virgin Islands (U.S.)'
        )

),

submissions as (

    select
        *,
        unreleased_on is not null or coalesce(is_unrelease_date_unknown, false) as is_taken_back,
        row_number() over (partition by nct_id order by released_on, submission_number) as round_number

    from {{ ref('fct_result_submissions') }}
    where released_on is not null

),

last_cancelled as (

    select
        nct_id,
        coalesce(max(round_number) filter (is_taken_back), 0) as last_cancelled_round

    from submissions
    group by nct_id

),

quality_control as (

    select
        submissions.nct_id,
        min(submissions.released_on) as qc_started_on,
        min(submissions.released_on) filter (submissions.round_number > last_cancelled.last_cancelled_round)
            as qc_restarted_on

    from submissions
    inner join last_cancelled on submissions.nct_id = last_cancelled.nct_id
    group by submissions.nct_id

),

trials as (

    select
        recorded.nct_id,
        recorded.study_type,
        recorded.phases,
        recorded.primary_purpose,
        recorded.overall_status,
        recorded.start_date_last_day,
        recorded.is_fda_regulated_drug,
        recorded.is_fda_regulated_device,
        recorded.has_results,
        recorded.results_first_submitted_on,
        recorded.disposition_first_submitted_on,
        recorded.estimated_results_first_submitted_on,
        coalesce(recorded.primary_completion_date_last_day, recorded.completion_date_last_day)
            as completed_on,
        coalesce(
            case
                when recorded.primary_completion_date_last_day is not null
                    then recorded.primary_completion_date_type
                else recorded.completion_date_type
            end = 'ACTUAL',
            false
        ) as is_completed,
        recorded.disposition_first_submitted_on is not null as has_certificate,
        regulated.nct_id is not null as has_regulated_intervention,
        in_us.nct_id is not null as has_us_site,
        quality_control.qc_started_on,
        quality_control.qc_restarted_on,
        quality_control.qc_started_on is not null and quality_control.qc_restarted_on is null as is_cancelled,
        located.is_in_registry

    from {{ ref('trials_as_recorded') }} as recorded
    inner join {{ ref('int_trials_located_in_time') }} as located on recorded.nct_id = located.nct_id
    left join regulated on recorded.nct_id = regulated.nct_id
    left join in_us on recorded.nct_id = in_us.nct_id
    left join quality_control on recorded.nct_id = quality_control.nct_id

),

obliged as (

    select
        trials.*,
        newest.today,
        {{ act_class() }} as act_class,
        {{ results_due_on() }} as due_on,
        {{ are_results_due('newest.today') }} as is_due,
        coalesce(trials.results_first_submitted_on, trials.qc_started_on) as reported_on

    from trials
    cross join newest
    where act_class is not null

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
