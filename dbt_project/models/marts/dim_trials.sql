with

trials as (

    select * from {{ ref('int_trials_located_in_time') }}

),

versions as (

    select * from {{ ref('int_versions_dated') }}

),

phases as (

    select * from {{ ref('int_phases_labelled') }}

),

statuses as (

    select * from {{ ref('ctgov_overall_statuses') }}

),

absences as (

    select * from {{ ref('int_absences_explained') }}
    where returned_on is null

),

quarantine as (

    select distinct
        nct_id,
        snapshot_date

    from {{ ref('stg_ctgov__quarantine') }}

),

newest_snapshot as (

    select max(snapshot_date) as snapshot_date from {{ ref('stg_ctgov__snapshots') }}

),

final as (

    select
        ---------- ids
        trials.nct_id,
        trials.content_hash,
        versions.org_study_id,
        versions.nct_id_aliases,
        case
            when versions.lead_sponsor_name is not null
                then {{ surrogate_key([normalised_name('versions.lead_sponsor_name')]) }}
        end as lead_sponsor_key,
        'https://clinicaltrials.gov/study/' || trials.nct_id as registry_url,

        ---------- strings
        versions.brief_title,
        versions.official_title,
        versions.acronym,
        versions.overall_status,
        coalesce(statuses.label, versions.overall_status) as overall_status_label,
        coalesce(statuses.plain_label, versions.overall_status) as overall_status_plain_label,
        versions.last_known_status,
        versions.why_stopped,
        versions.study_type,
        versions.phases,
        phases.phase_label,
        versions.lead_sponsor_name,
        versions.lead_sponsor_class,
        versions.responsible_party_type,
        versions.responsible_party_name,
        versions.responsible_party_title,
        versions.responsible_party_affiliation,
        versions.conditions,
        versions.keywords,
        versions.countries,
        versions.allocation,
        versions.intervention_model,
        versions.primary_purpose,
        versions.observational_model,
        versions.time_perspective,
        versions.masking,
        versions.who_masked,
        versions.brief_summary,
        versions.detailed_description,
        versions.eligibility_criteria,
        versions.sex,
        versions.minimum_age_text,
        versions.maximum_age_text,
        versions.standard_ages,

        ---------- numerics
        versions.enrollment_count,
        versions.enrollment_type,
        versions.arms_count,
        versions.interventions_count,
        versions.sites_count,
        trials.versions_count,

        ---------- booleans
        versions.has_results,
        versions.has_expanded_access,
        versions.accepts_healthy_volunteers,
        versions.has_data_monitoring_committee,
        versions.is_fda_regulated_drug,
        versions.is_fda_regulated_device,
        trials.is_in_registry,
        quarantine.nct_id is not null as is_quarantined,
        absences.departure_type,
        absences.absent_from as departed_on,
        absences.merged_into_nct_id,

        ---------- dates
        versions.start_date_text,
        versions.start_date,
        versions.start_date_last_day,
        versions.start_date_precision,
        versions.start_date_type,
        versions.primary_completion_date_text,
        versions.primary_completion_date,
        versions.primary_completion_date_last_day,
        versions.primary_completion_date_precision,
        versions.primary_completion_date_type,
        versions.completion_date_text,
        versions.completion_date,
        versions.completion_date_last_day,
        versions.completion_date_precision,
        versions.completion_date_type,
        versions.status_verified_date_text,
        versions.status_verified_date,
        versions.status_verified_date_last_day,
        versions.status_verified_date_precision,
        versions.first_submitted_on,
        versions.first_posted_on,
        versions.first_posted_on_type,
        versions.results_first_submitted_on,
        versions.results_first_posted_on,
        versions.last_update_submitted_on,
        versions.last_update_posted_on,
        versions.last_update_posted_on_type,
        trials.first_snapshot_date,
        trials.last_snapshot_date

    from trials
    inner join versions
        on
            trials.nct_id = versions.nct_id
            and trials.content_hash = versions.content_hash
    left join phases
        on
            trials.nct_id = phases.nct_id
            and trials.content_hash = phases.content_hash
    left join statuses on versions.overall_status = statuses.code
    left join absences on trials.nct_id = absences.nct_id
    left join newest_snapshot on true
    left join quarantine
        on
            trials.nct_id = quarantine.nct_id
            and newest_snapshot.snapshot_date = quarantine.snapshot_date

)

select * from final
