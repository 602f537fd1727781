{#-
    What each trial planned when it was registered and when it began, as far as its versions are known. It began on the
    start date of its first version, because sponsors change start dates too; the first version dated then or later
    says what was planned at launch.
-#}
with

versions as (

    select
        versions.nct_id,
        versions.version_number,
        coalesce(versions.submitted_on, versions.dated_on) as said_on,
        versions.history_number = 0
        or contents.first_submitted_on = contents.last_update_submitted_on as is_registration,
        contents.first_submitted_on,
        contents.start_date_last_day,
        contents.primary_completion_date_last_day,
        contents.completion_date_last_day,
        if(contents.enrollment_type = 'ESTIMATED', nullif(contents.enrollment_count, 99999999), null)
            as enrollment_count

    from {{ ref('fct_trial_versions') }} as versions
    inner join {{ ref('trial_contents') }} as contents
        on
            versions.nct_id = contents.nct_id
            and versions.content_hash = contents.content_hash
    where not versions.is_overruled

),

first_versions as (

    select * from versions
    qualify row_number() over (partition by nct_id order by version_number) = 1

),

launch_versions as (

    select versions.*
    from versions
    inner join first_versions on versions.nct_id = first_versions.nct_id
    where versions.said_on >= first_versions.start_date_last_day
    qualify row_number() over (partition by versions.nct_id order by versions.version_number) = 1

),

final as (

    select
        first_versions.nct_id,
        coalesce(first_versions.is_registration, false) as is_registration_known,
        first_versions.first_submitted_on,
        first_versions.start_date_last_day as first_start_date,
        first_versions.primary_completion_date_last_day as first_primary_completion_date,
        first_versions.completion_date_last_day as first_completion_date,
        launch_versions.version_number as launch_version_number,
        launch_versions.start_date_last_day as launch_start_date,
        launch_versions.primary_completion_date_last_day as launch_primary_completion_date,
        launch_versions.completion_date_last_day as launch_completion_date,
        launch_versions.enrollment_count as launch_enrollment_count

    from first_versions
    left join launch_versions on first_versions.nct_id = launch_versions.nct_id

)

select * from final
