{#-
    What a page about a trial shows, in plain words. A view: the texts are written once, in dim_trials. Without a
    database in its names, because the file is renamed when published. Asked for one trial, the time goes to planning
    and setting up, so `plain_text`, a long expression, stands once for all four texts.
-#}
with

trials as (

    select * from {{ ref('dim_trials').include(database=false) }}

),

lists as (

    select * from {{ ref('rpt_trial_lists').include(database=false) }}

),

criteria as (

    select * from {{ ref('rpt_trial_criteria').include(database=false) }}

),

similar_trials as (

    select
        near.nct_id,
        list({
            'nct_id': near.similar_nct_id,
            'brief_title': others.brief_title,
            'status_label': others.overall_status_plain_label,
            'phase_label': others.phase_label,
            'is_stopped': near.is_similar_stopped,
            'score': near.score,
            'reasons': near.reasons
        } order by near.similar_rank) as similar_trials

    from {{ ref('rpt_similar_trials').include(database=false) }} as near
    inner join
        {{ ref('trials_as_recorded').include(database=false) }} as others
        on near.similar_nct_id = others.nct_id
    group by near.nct_id

),

stretches as (

    select
        nct_id,
        status_from,
        is_start_observed

    from {{ ref('fct_status_history').include(database=false) }}
    where is_current

),

newest_snapshot as (

    select
        max(snapshot_date) as snapshot_date,
        max(data_timestamp) as data_timestamp

    from {{ ref('dim_snapshots').include(database=false) }}

),

mapped as (

    select * from {{ ref('rpt_code_words').include(database=false) }}

),

told as (

    select
        ---------- what it is
        trials.nct_id,
        trials.brief_title as title,
        trials.official_title,
        trials.acronym,
        trials.registry_url,
        {{ label_of('study_type', 'trials.study_type') }} as study_type_label,
        trials.phase_label,
        trials.overall_status_plain_label as status_label,
        stretches.status_from,
        stretches.is_start_observed as is_status_from_observed,
        trials.why_stopped,
        trials.conditions,
        list_transform(
            lists.treatments, lambda treatment: treatment.type_label || ': ' || treatment.intervention_name
        ) as treatment_names,

        ---------- who runs it
        trials.lead_sponsor_name,
        {{ label_of('agency_class', 'trials.lead_sponsor_class') }} as lead_sponsor_class_label,
        {{ labels_of('agency_class', 'trials.funder_classes') }}
            as funder_types,
        lists.sponsors,
        {{ label_of('responsible_party_type', 'trials.responsible_party_type') }} as responsible_party_label,
        trials.responsible_party_name,
        trials.responsible_party_title,
        trials.responsible_party_affiliation,
        lists.identifiers,

        ---------- what it is about
        trials.brief_summary as about,
        trials.detailed_description as full_description,

        ---------- who takes part
        trials.enrollment_count
        || coalesce(' ' || lower({{ label_of('enrollment_type', 'trials.enrollment_type') }}), '')
        || if(trials.enrollment_count = 1, ' participant', ' participants') as enrollment_sentence,
        {{ label_of('sex', 'trials.sex') }} as sex_label,
        case
            when
                trials.minimum_age_text is null
                and trials.maximum_age_text is null
                then if(trials.sex is null and trials.standard_ages is null, null, 'Any age')
            when trials.minimum_age_text is null then 'Up to ' || lower(trials.maximum_age_text) || ' old'
            when trials.maximum_age_text is null then lower(trials.minimum_age_text) || ' and older'
            when split_part(trials.minimum_age_text, ' ', 2) = split_part(trials.maximum_age_text, ' ', 2)
                then
                    split_part(trials.minimum_age_text, ' ', 1) || ' to ' || lower(trials.maximum_age_text)
                    || ' old'
            else lower(trials.minimum_age_text) || ' to ' || lower(trials.maximum_age_text) || ' old'
        end as ages_sentence,
        case trials.accepts_healthy_volunteers
            when true then 'Accepts Healthy Volunteers'
            when false then 'No Healthy Volunteers'
        end as volunteers_sentence,
        criteria.inclusion_criteria[1].preamble as inclusion_preamble,
        coalesce(criteria.inclusion_criteria, []) as inclusion_criteria,
        criteria.exclusion_criteria[1].preamble as exclusion_preamble,
        coalesce(criteria.exclusion_criteria, []) as exclusion_criteria,
        coalesce(criteria.other_criteria, []) as other_criteria,
        trials.eligibility_criteria as criteria_as_given,

        ---------- how it is built
        {{ label_of('primary_purpose', 'trials.primary_purpose') }} as primary_purpose_label,
        {{ label_of('design_allocation', 'trials.allocation') }} as allocation_label,
        {{ label_of('interventional_assignment', 'trials.intervention_model') }} as intervention_model_label,
        {{ label_of('observational_model', 'trials.observational_model') }} as observational_model_label,
        {{ label_of('design_time_perspective', 'trials.time_perspective') }} as time_perspective_label,
        {{ label_of('design_masking', 'trials.masking') }} as masking_label,
        {{ labels_of('who_masked', 'trials.who_masked') }}
            as who_masked_labels,
        case
            when trials.enrollment_count is not null
                then
                    trials.enrollment_count
                    || if(trials.enrollment_count = 1, ' participant in ', ' participants in ')
                    || trials.arms_count || if(trials.arms_count = 1, ' patient group', ' patient groups')
        end as groups_sentence,
        lists.arms,
        lists.treatments,
        lists.outcomes,

        ---------- where it is
        trials.sites_count,
        case
            when trials.overall_status <> 'WITHHELD'
                then trials.sites_count || if(trials.sites_count = 1, ' trial location', ' trial locations')
        end as sites_sentence,
        lists.sites,
        lists.countries,

        ---------- when
        trials.start_date_text,
        lower({{ label_of('date_type', 'trials.start_date_type') }}) as start_date_type_label,
        trials.primary_completion_date_text,
        lower({{ label_of('date_type', 'trials.primary_completion_date_type') }})
            as primary_completion_date_type_label,
        trials.completion_date_text,
        lower({{ label_of('date_type', 'trials.completion_date_type') }}) as completion_date_type_label,
        trials.first_posted_on,
        trials.last_update_submitted_on,
        trials.last_update_posted_on,

        ---------- what came of it
        trials.results_status,
        case trials.results_status
            when 'POSTED' then 'Results posted'
            when 'SUBMITTED' then 'Results sent, not yet posted'
            when 'NOT_EXPECTED' then 'No results are expected'
            when 'NONE_AFTER_A_YEAR' then 'No results a year after completion'
            when 'NOT_DUE' then 'Results pending'
        end as results_sentence,
        coalesce(similar_trials.similar_trials, []) as similar_trials,

        ---------- where this comes from
        'Data sourced from clinicaltrials.gov' as attribution,
        newest_snapshot.snapshot_date,
        newest_snapshot.data_timestamp

    from trials
    inner join lists on trials.nct_id = lists.nct_id
    left join criteria on trials.nct_id = criteria.nct_id
    left join similar_trials on trials.nct_id = similar_trials.nct_id
    left join stretches on trials.nct_id = stretches.nct_id
    cross join newest_snapshot
    cross join mapped

),

made_plain as (

    select
        *,
        list_transform(
            [why_stopped, about, full_description, criteria_as_given],
            lambda text: {{ plain_text('text') }}
        ) as texts

    from told

),

final as (

    select
        * exclude (texts)
        replace (
            texts[1] as why_stopped,
            texts[2] as about,
            texts[3] as full_description,
            texts[4] as criteria_as_given
        )

    from made_plain

)

select * from final
