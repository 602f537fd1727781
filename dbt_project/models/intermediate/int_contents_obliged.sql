{#-
    What a content says of the results that FDAAA 801 may ask for, and from which day they are due soon or overdue if it
    stays as it is. Estimates: whether a trial is obliged is known to its sponsor and the FDA alone.
-#}
{%- set regulated = [
    'BIOLOGICAL', 'COMBINATION_PRODUCT', 'DEVICE', 'DIAGNOSTIC_TEST', 'DRUG', 'GENETIC', 'RADIATION'
] -%}
{%- set us = [
    'American Samoa', 'Guam', 'Northern Mariana Islands', 'Puerto Rico', 'U.S. Virgin Islands', 'United States',
    'Virgin Islands (U.S.)'
] -%}
with

lists as (

    select
        nct_id,
        content_hash,
        intervention_types,
        removed_countries,
        result_submissions

    from {{ ref('trial_lists') }}

),

listed_submissions as (

    select
        nct_id,
        content_hash,
        unnest(result_submissions) as submission,
        generate_subscripts(result_submissions, 1) as submission_number

    from lists

),

submissions as (

    select
        nct_id,
        content_hash,
        {{ full_date('submission.releaseDate') }} as released_on,
        submission.unreleaseDate is not null
        or coalesce(submission.unreleaseDateUnknown, false) as is_taken_back,
        (released_on, submission_number) as place,
        max(if(is_taken_back, place, null)) over (partition by nct_id, content_hash) as last_taken_back

    from listed_submissions
    where released_on is not null

),

quality_control as (

    select
        nct_id,
        content_hash,
        min(released_on) as qc_started_on,
        min(released_on) filter (last_taken_back is null or place > last_taken_back) as qc_restarted_on

    from submissions
    group by nct_id, content_hash

),

contents as (

    select
        contents.nct_id,
        contents.content_hash,
        contents.study_type,
        contents.phases,
        contents.primary_purpose,
        contents.overall_status,
        contents.start_date_last_day,
        contents.is_fda_regulated_drug,
        contents.is_fda_regulated_device,
        contents.has_results,
        contents.results_first_submitted_on,
        contents.disposition_first_submitted_on,
        contents.estimated_results_first_submitted_on,
        coalesce(contents.primary_completion_date_last_day, contents.completion_date_last_day)
            as completed_on,
        coalesce(
            case
                when contents.primary_completion_date_last_day is not null
                    then contents.primary_completion_date_type
                else contents.completion_date_type
            end = 'ACTUAL',
            false
        ) as is_completed,
        contents.disposition_first_submitted_on is not null as has_certificate,
        coalesce(list_has_any(lists.intervention_types, {{ regulated }}), false)
            as has_regulated_intervention,
        coalesce(list_has_any(contents.countries, {{ us }}), false)
        or coalesce(list_has_any(lists.removed_countries, {{ us }}), false) as has_us_site,
        quality_control.qc_started_on,
        quality_control.qc_restarted_on,
        quality_control.qc_started_on is not null and quality_control.qc_restarted_on is null as is_cancelled

    from {{ ref('trial_contents') }} as contents
    inner join lists on contents.nct_id = lists.nct_id and contents.content_hash = lists.content_hash
    left join quality_control
        on
            contents.nct_id = quality_control.nct_id
            and contents.content_hash = quality_control.content_hash

),

obliged as (

    select
        *,
        {{ act_class() }} as act_class,
        {{ results_due_on() }} as due_on,
        coalesce(results_first_submitted_on, qc_started_on) as reported_on

    from contents
    where act_class is not null

),

final as (

    select
        *,
        {{ overdue_from() }} as overdue_from,
        if(has_results or reported_on is not null, null, due_on - 60) as due_soon_from

    from obliged

)

select * from final
