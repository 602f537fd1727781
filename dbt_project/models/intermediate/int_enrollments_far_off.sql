{#- Trials whose enrolment is far from that of the other trials of their phase, by its logarithm. -#}
with

contents as (

    select
        nct_id,
        content_hash,
        study_type,
        phases,
        enrollment_count

    from {{ ref('trial_contents') }}
    where enrollment_count > 0

),

current_trials as (

    select contents.*
    from contents
    semi join {{ ref('int_trials_located_in_time') }} as trials
        on
            contents.nct_id = trials.nct_id
            and contents.content_hash = trials.content_hash

),

far_off as (

    select
        nct_id,
        enrollment_count

    from current_trials
    where study_type = 'INTERVENTIONAL'
    window of_phase as (partition by phases)
    qualify
        count(*) over of_phase >= 100
        and abs(ln(enrollment_count) - avg(ln(enrollment_count)) over of_phase)
        > 4 * stddev_samp(ln(enrollment_count)) over of_phase

),

final as (

    select
        nct_id,
        'enrollment_outlier' as rule,
        since,
        since_clock

    from {{ standing_since('far_off', 'contents', 'enrollment_count') }}

)

select * from final
