{#-
    Everything that the two contents of each pair say, as items: one a trial for what it says once, one a list entry.
    `said` names its fields; the first four tell what belongs together (`pairing_score`).
-#}
{% macro listed_items(contents) -%}
{%- set said_once = [
    'org_study_id', 'org_study_id_type', 'org_study_id_link', 'nct_id_aliases', 'expanded_access_nct_id',
    'brief_title', 'official_title', 'acronym', 'organization_name', 'organization_class', 'overall_status',
    'last_known_status', 'why_stopped', 'expanded_access_status', 'has_expanded_access', 'lead_sponsor_name',
    'lead_sponsor_class', 'responsible_party_type', 'responsible_party_key', 'brief_summary',
    'detailed_description', 'study_type', 'phases', 'allocation', 'intervention_model',
    'intervention_model_description', 'primary_purpose', 'observational_model', 'time_perspective', 'masking',
    'masking_description', 'who_masked', 'target_duration', 'biospecimen_retention', 'biospecimen_description',
    'enrollment_count', 'enrollment_type', 'eligibility_criteria', 'sex', 'is_gender_based', 'gender_description',
    'minimum_age_text', 'maximum_age_text', 'standard_ages', 'accepts_healthy_volunteers', 'study_population',
    'sampling_method', 'ipd_sharing', 'ipd_sharing_description', 'ipd_information_types', 'ipd_time_frame',
    'ipd_access_criteria', 'ipd_url', 'expanded_access_pointers_count', 'is_posting_delayed',
    'are_results_waived', 'has_individual_expanded_access', 'has_intermediate_expanded_access',
    'has_treatment_expanded_access', 'is_patient_registry', 'has_data_monitoring_committee',
    'is_fda_regulated_drug', 'is_fda_regulated_device', 'is_unapproved_device',
    'is_pediatric_postmarket_surveillance', 'is_us_export', 'has_fdaaa_violation', 'has_results',
    'has_no_analysis_plan', 'unposted_responsible_party_key', 'first_submitted_on', 'first_submitted_qc_on',
    'first_posted_on', 'first_posted_on_type', 'results_first_submitted_on', 'results_first_submitted_qc_on',
    'results_first_posted_on', 'results_first_posted_on_type', 'disposition_first_submitted_on',
    'disposition_first_submitted_qc_on', 'disposition_first_posted_on', 'disposition_first_posted_on_type',
    'last_update_submitted_on', 'last_update_posted_on', 'last_update_posted_on_type',
    'estimated_results_first_submitted_on', 'first_mcp_posted_on', 'first_mcp_posted_on_type',
    'status_verified_date_text', 'participant_flow_key', 'baseline_key', 'outcome_measures_key',
    'adverse_events_key', 'more_info_key', 'condition_browse_key', 'intervention_browse_key',
    'model_predictions_key',
] -%}
{%- set listed_once = ['nct_id_aliases', 'phases', 'who_masked', 'standard_ages', 'ipd_information_types'] -%}
{%- set lists = [
    ('ARM', 'arms', [
        ('label', 'item.label'), ('arm_type', 'item.type'), ('interventions', "array_to_string(list_sort(item.interventionNames), ' | ')"),
        ('description', 'item.description'),
    ]),
    ('INTERVENTION', 'interventions', [
        ('name', 'item.name'), ('intervention_type', 'item.type'), ('arms', "array_to_string(list_sort(item.armGroupLabels), ' | ')"),
        ('description', 'item.description'), ('other_names', "array_to_string(list_sort(item.otherNames), ' | ')"),
    ]),
    ('SITE', 'sites', [
        ('facility', 'item.facility'), ('city', 'item.city'), ('country', 'item.country'), ('zip', 'item.zip'),
        ('state', 'item.state'), ('site_status', 'item.status'), ('latitude', 'item.latitude'),
        ('longitude', 'item.longitude'), ('contacts_key', 'item.contacts_key'),
    ]),
    ('CONDITION', 'conditions', [('name', 'item')]),
    ('KEYWORD', 'keywords', [('name', 'item')]),
    ('COUNTRY', 'countries', [('name', 'item')]),
    ('REMOVED_COUNTRY', 'removed_countries', [('name', 'item')]),
    ('COLLABORATOR', 'collaborators', [('name', 'item.name'), ('class', 'item.class')]),
    ('SECONDARY_ID', 'secondary_ids', [
        ('id', 'item.id'), ('id_type', 'item.type'), ('domain', 'item.domain'), ('link', 'item.link'),
    ]),
    ('CENTRAL_CONTACT', 'central_contacts', [
        ('name_key', 'item.name_key'), ('contact_role', 'item.role'), ('reach_key', 'item.reach_key'),
    ]),
    ('OVERALL_OFFICIAL', 'overall_officials', [
        ('name_key', 'item.name_key'), ('official_role', 'item.role'), ('affiliation_key', 'item.affiliation_key'),
    ]),
    ('REFERENCE', 'references_cited', [
        ('pmid', 'item.pmid'), ('reference_type', 'item.type'), ('citation', 'item.citation'),
        ('retractions', 'item.retractions'),
    ]),
    ('LINK', 'links', [('url', 'item.url'), ('label', 'item.label')]),
    ('SHARED_DATA', 'shared_data', [
        ('id', 'item.id'), ('shared_data_type', 'item.type'), ('url', 'item.url'), ('comment', 'item.comment'),
    ]),
    ('DOCUMENT', 'documents', [
        ('filename', 'item.filename'), ('document_type', 'item.typeAbbrev'), ('label', 'item.label'),
        ('dated', 'item.date'), ('has_protocol', 'item.hasProtocol'), ('has_analysis_plan', 'item.hasSap'),
        ('has_consent_form', 'item.hasIcf'), ('uploaded', 'item.uploadDate'), ('size', 'item.size'),
    ]),
    ('RESULT_SUBMISSION', 'result_submissions', [
        ('released_on', 'item.releaseDate'), ('unreleased_on', 'item.unreleaseDate'),
        ('is_unrelease_date_unknown', 'item.unreleaseDateUnknown'), ('returned_on', 'item.resetDate'),
        ('mcp_release', 'item.mcpReleaseN'),
    ]),
    ('UNPOSTED_EVENT', 'unposted_events', [
        ('event', 'item.type'), ('dated', 'item.date'), ('is_date_unknown', 'item.dateUnknown'),
    ]),
    ('VIOLATION', 'violation_events', [
        ('violation', 'item.type'), ('issued_on', 'item.issuedDate'), ('created_on', 'item.creationDate'),
        ('description', 'item.description'), ('released_on', 'item.releaseDate'), ('posted_on', 'item.postedDate'),
    ]),
] -%}
    select
        pair_number,
        side,
        'TRIAL' as kind,
        1 as item_number,
        cast(null as varchar) as wording,
        [{% for field in said_once %}
            {'field': '{{ field }}', 'value':
            {%- if field in listed_once %} array_to_string({{ field if field == 'phases' else 'list_sort(' ~ field ~ ')' }}, ' | ') {%- else %} cast({{ field }} as varchar) {%- endif -%}
            }{{ ',' if not loop.last }}
        {%- endfor %}
        ] as said
    from {{ contents }}
    {%- for kind, listed, fields in lists %}
    union all
    select
        pair_number,
        side,
        '{{ kind }}' as kind,
        item_number,
        concat_ws(' · '
        {%- for field, value in fields if not field.endswith('_key') and field not in ('latitude', 'longitude') -%}
            , cast({{ value }} as varchar)
        {%- endfor %}) as wording,
        [{% for field, value in fields %}
            {'field': '{{ field }}', 'value': cast({{ value }} as varchar)}{{ ',' if not loop.last }}
        {%- endfor %}
        ] as said
    from (
        select
            *,
            unnest({{ listed }}) as item,
            generate_subscripts({{ listed }}, 1) as item_number
        from {{ contents }}
    )
    {%- endfor %}
    {%- for role in ['PRIMARY', 'SECONDARY', 'OTHER'] %}
    union all
    select
        pair_number,
        side,
        'OUTCOME' as kind,
        {{ 100000 * loop.index0 }} + item_number as item_number,
        concat_ws(' · ', item.measure, '{{ role }}', item.timeFrame, item.description) as wording,
        [
            {'field': 'measure', 'value': item.measure},
            {'field': 'outcome_type', 'value': '{{ role }}'},
            {'field': 'time_frame', 'value': item.timeFrame},
            {'field': 'description', 'value': item.description}
        ] as said
    from (
        select
            *,
            unnest({{ role | lower }}_outcomes) as item,
            generate_subscripts({{ role | lower }}_outcomes, 1) as item_number
        from {{ contents }}
    )
    {%- endfor %}
    union all
    select
        pair_number,
        side,
        'CRITERION' as kind,
        item_number,
        criterion as wording,
        [
            {'field': 'criterion', 'value': criterion},
            {'field': 'section', 'value': last_value(
                case
                    when not is_heading then null
                    when regexp_matches(criterion, '(?i)non[- ]?inclusion|exclusion|ineligib|not eligib') then 'EXCLUSION'
                    else 'INCLUSION'
                end ignore nulls
            ) over (partition by pair_number, side order by item_number)}
        ] as said
    from (
        select
            *,
            unnest(lines) as line,
            regexp_replace(
                line, '^[ \t>]*(?:[*•·-]+|\(?[0-9]{1,2}\\?[.)]|\(?[a-zA-Z]\\?[)])[ \t]+', ''
            ) as criterion,
            generate_subscripts(lines, 1) as item_number,
            {{ is_criteria_heading('criterion') }} as is_heading
        from (
            select
                *,
                string_split(
                    regexp_replace(eligibility_criteria, '(?i)<(?:li|p|br)(?:\s[^<>]*)?/?>', chr(10), 'g'), chr(10)
                ) as lines
            from {{ contents }}
        )
    )
    where regexp_matches(criterion, '[\pL\pN]')
{%- endmacro %}

{#- Whether a line of the criteria is no criterion but names a section of them. -#}
{% macro is_criteria_heading(line) -%}
(
    regexp_matches(
        {{ line }},
        '(?i)^[^\pL]*(?:(?:key|main|major|general|specific|principal) )?(?:non[- ]?inclusion|inclusion|exclusion|eligibility)(?: criteri(?:a|on))?[^\pL\pN]*$'
    )
    or (
        length({{ line }}) < 80
        and regexp_matches({{ line }}, '(?i)(?:inclusion|exclusion) criteri(?:a|on)[^:]*:[^\pL\pN]*$')
    )
)
{%- endmacro %}
