with

trials as (

    select * from {{ ref('int_trials_located_in_time') }}

),

described as (

    select * from {{ ref('int_trials_described') }}

),

dated as (

    select * from {{ ref('int_trials_dated') }}

),

results as (

    select * from {{ ref('int_trials_with_results_described') }}

),

absences as (

    select * from {{ ref('int_absences_explained') }}
    where returned_on is null

),

newest_snapshot as (

    select max(snapshot_date) as snapshot_date from {{ ref('stg_ctgov__snapshots') }}

),

quarantine as (

    select distinct listed.nct_id
    from {{ ref('stg_ctgov__quarantine') }} as listed
    semi join newest_snapshot on listed.snapshot_date = newest_snapshot.snapshot_date

),

final as (

    select
        ---------- ids
        trials.nct_id,
        trials.content_hash,
        case
            when described.lead_sponsor_name is not null
                then {{ surrogate_key([normalised_name('described.lead_sponsor_name')]) }}
        end as lead_sponsor_key,
        absences.merged_into_nct_id,
        'https://clinicaltrials.gov/study/' || trials.nct_id as registry_url,

        ---------- strings
        {{ label_of('status', 'described.overall_status', 'mapped.labels') }} as overall_status_label,
        {{ label_of('status', 'described.overall_status') }} as overall_status_plain_label,
        nullif(array_to_string({{ labels_of('phase', 'described.phases', 'mapped.labels') }}, '/'), '')
            as phase_label,
        absences.departure_type,
        case
            when described.has_results then 'POSTED'
            when
                results.last_unposted_event_type in ('RELEASE', 'RESET')
                or (results.last_unposted_event_type is null and results.is_last_submission_standing)
                or (results.last_unposted_event_type is null and dated.results_first_submitted_on is not null)
                then 'SUBMITTED'
            when
                described.overall_status = 'WITHDRAWN'
                or described.study_type = 'EXPANDED_ACCESS'
                or described.are_results_waived
                then 'NOT_EXPECTED'
            when dated.results_awaited_by is null then 'NOT_KNOWN'
            when dated.results_awaited_by < newest_snapshot.snapshot_date then 'NONE_AFTER_A_YEAR'
            else 'NOT_DUE'
        end as results_status,

        ---------- numerics
        trials.versions_count,

        ---------- booleans
        trials.is_in_registry,
        quarantine.nct_id is not null as is_quarantined,

        ---------- dates
        trials.first_snapshot_date,
        trials.last_snapshot_date,
        absences.absent_from as departed_on,

        ---------- as the record gives them
        described.* exclude (nct_id),
        dated.* exclude (nct_id, results_awaited_by),
        results.* exclude (nct_id, is_last_submission_standing)

    from trials
    inner join described on trials.nct_id = described.nct_id
    inner join dated on trials.nct_id = dated.nct_id
    inner join results on trials.nct_id = results.nct_id
    left join absences on trials.nct_id = absences.nct_id
    left join quarantine on trials.nct_id = quarantine.nct_id
    cross join newest_snapshot
    cross join {{ ref('rpt_code_words') }} as mapped

)

select * from final
