{#-
    What each trial planned when it was registered and when it began, as far as its versions are known: the first of each
    date that was recorded. It began on the first start date, because sponsors change start dates too; the first version
    dated then or later says what was planned at launch. The registration counts even where later versions overrule the
    day it is dated by, as two that are posted on one day do.
-#}
with

versions as (

    select
        versions.nct_id,
        versions.version_number,
        coalesce(versions.submitted_on, versions.dated_on) as said_on,
        coalesce(
            versions.history_number = 0
            or contents.last_update_submitted_on = contents.first_submitted_on
            or contents.last_update_submitted_on = contents.first_submitted_qc_on,
            false
        ) as is_registration,
        versions.is_overruled,
        row_number() over (
            partition by versions.nct_id
            order by versions.history_number is distinct from 0, versions.version_number
        ) as place,
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
    where not versions.is_overruled or versions.history_number = 0

),

firsts as (

    select
        nct_id,
        bool_or(is_registration) filter (place = 1) as is_registration_known,
        min(first_submitted_on) filter (place = 1) as first_submitted_on,
        min(start_date_last_day) filter (place = 1) as registered_start_date,
        arg_min(start_date_last_day, place) as first_start_date,
        arg_min(primary_completion_date_last_day, place) as first_primary_completion_date,
        arg_min(completion_date_last_day, place) as first_completion_date

    from versions
    group by nct_id

),

at_launch as (

    select
        versions.nct_id,
        min(versions.version_number) as launch_version_number,
        arg_min(versions.start_date_last_day, versions.version_number) as launch_start_date,
        arg_min(versions.primary_completion_date_last_day, versions.version_number)
            as launch_primary_completion_date,
        arg_min(versions.completion_date_last_day, versions.version_number) as launch_completion_date,
        arg_min(versions.enrollment_count, versions.version_number) as launch_enrollment_count

    from versions
    inner join firsts on versions.nct_id = firsts.nct_id
    where not versions.is_overruled and versions.said_on >= firsts.first_start_date
    group by versions.nct_id

),

final as (

    select
        firsts.*,
        at_launch.* exclude (nct_id)

    from firsts
    left join at_launch on firsts.nct_id = at_launch.nct_id

)

select * from final
