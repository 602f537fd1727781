{#-
    A view over its two halves, because a day changes the second of all trials and the first of few. Without a database
    in its names, because the file is renamed when published.
-#}
with

recorded as (

    select * from {{ ref('trials_as_recorded').include(database=false) }}

),

observed as (

    select * from {{ ref('trials_as_observed').include(database=false) }}

),

final as (

    select
        ---------- ids
        recorded.nct_id,
        recorded.content_hash,
        recorded.lead_sponsor_key,
        observed.merged_into_nct_id,
        recorded.registry_url,

        ---------- strings
        recorded.overall_status_label,
        recorded.overall_status_plain_label,
        recorded.phase_label,
        observed.departure_type,
        observed.results_status,
        case
            when recorded.start_date > recorded.first_submitted_on then 'PROSPECTIVE'
            when recorded.start_date + 21 >= recorded.first_submitted_on then 'WITHIN_21_DAYS'
            when recorded.start_date + 21 < recorded.first_submitted_on then 'RETROSPECTIVE'
        end as registration_timing,
        observed.quality_flags,

        ---------- numerics
        if({{ is_enrollment_absurd() }}, null, recorded.enrollment_count) as enrollment_count_clean,
        observed.quality_score,
        observed.versions_count,

        ---------- booleans
        observed.is_in_registry,
        observed.is_quarantined,
        observed.is_status_stale,
        observed.is_status_behind_dates,

        ---------- dates
        observed.first_snapshot_date,
        observed.last_snapshot_date,
        observed.departed_on,

        ---------- as the record gives them
        recorded.* exclude (
            nct_id,
            content_hash,
            lead_sponsor_key,
            registry_url,
            overall_status_label,
            overall_status_plain_label,
            phase_label,
            results_awaited_by,
            is_last_submission_standing
        )

    from recorded
    inner join observed on recorded.nct_id = observed.nct_id

)

select * from final
