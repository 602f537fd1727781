{#-
    When a content breaks a rule of seed quality_rules that a record alone can break, by the columns of trial_contents and
    trial_lists. What is not given breaks nothing but what asks for it.
-#}
{% macro quality_conditions() -%}
{%- set updated_on = 'coalesce(last_update_submitted_on, last_update_posted_on)' -%}
{%- set dates = ['start_date', 'primary_completion_date', 'completion_date'] -%}
{%- set unreadable, out_of_range, in_future = [], [], [] -%}
{%- for date in dates -%}
    {%- do unreadable.append(date ~ '_text is not null and ' ~ date ~ ' is null') -%}
    {%- do out_of_range.append(date ~ " not between date '1900-01-01' and " ~ updated_on ~ ' + interval 30 year') -%}
    {%- do in_future.append(date ~ "_type = 'ACTUAL' and " ~ date ~ ' > ' ~ updated_on) -%}
{%- endfor -%}
{%- set registered_late = "study_type = 'INTERVENTIONAL' and start_date_last_day < first_submitted_on - interval " -%}
{%- set labels = 'list_transform(arms, lambda arm: arm.label)' -%}
{%- set names = 'list_transform(interventions, lambda item: item.name)' -%}
{%- set placebo = "regexp_matches(lower(item.name), '\\b(placebo|sham|saline|sodium chloride)\\b')" -%}
{%- set no_more_than_placebo = placebo ~ " and not regexp_matches(lower(item.name), ' (and|or|versus|vs|with) |[+/,]')" -%}
{%- set actual = "enrollment_type = 'ACTUAL'" -%}
{{ return({
    'date_unreadable': (unreadable + [
        'status_verified_date_text is not null and status_verified_date is null'
    ]) | join(' or '),
    'date_out_of_range': out_of_range | join(' or '),
    'start_after_primary_completion': 'start_date > primary_completion_date_last_day',
    'start_after_completion': 'start_date > completion_date_last_day',
    'primary_completion_after_completion': 'primary_completion_date > completion_date_last_day',
    'actual_date_in_future': in_future | join(' or '),
    'posting_dates_out_of_order': 'first_submitted_on > first_posted_on or first_posted_on > last_update_posted_on',
    'verified_after_update': 'status_verified_date > greatest(last_update_submitted_on, last_update_posted_on)',
    'retro_registration_30d': registered_late ~ '30 day and not (' ~ registered_late ~ '1 year)',
    'retro_registration_1y': registered_late ~ '1 year and not (' ~ registered_late ~ '5 year)',
    'retro_registration_5y': registered_late ~ '5 year',
    'stopped_without_reason':
        "overall_status in ('SUSPENDED', 'TERMINATED', 'WITHDRAWN') and coalesce(trim(why_stopped), '') = ''",
    'withdrawn_with_enrollment': "overall_status = 'WITHDRAWN' and enrollment_count > 0",
    'unknown_without_last_known_status': "overall_status = 'UNKNOWN' and last_known_status is null",
    'completed_without_actual_completion': "overall_status = 'COMPLETED' and completion_date_type = 'ESTIMATED'",
    'not_yet_recruiting_but_started':
        "overall_status = 'NOT_YET_RECRUITING' and start_date_type = 'ACTUAL' and start_date <= " ~ updated_on,
    'expanded_access_status_elsewhere':
        "overall_status in ('AVAILABLE', 'NO_LONGER_AVAILABLE', 'TEMPORARILY_NOT_AVAILABLE', 'APPROVED_FOR_MARKETING')"
        ~ " and study_type <> 'EXPANDED_ACCESS'",
    'suspended_at_first_posting': "overall_status = 'SUSPENDED' and last_update_posted_on = first_posted_on",
    'enrollment_negative': 'enrollment_count < 0',
    'enrollment_absurd': is_enrollment_absurd(),
    'enrollment_type_missing': 'enrollment_count is not null and enrollment_type is null',
    'enrollment_type_contradicts_completion':
        "overall_status <> 'WITHDRAWN' and (" ~ actual ~ ") <> (primary_completion_date_type = 'ACTUAL')",
    'randomized_single_group':
        "allocation = 'RANDOMIZED' and (intervention_model = 'SINGLE_GROUP' or arms_count = 1)",
    'single_group_with_allocation': "allocation = 'NON_RANDOMIZED' and intervention_model = 'SINGLE_GROUP'",
    'masking_contradicts_roles':
        'len(who_masked) > 0 and len(who_masked) <> '
        ~ "list_position(['NONE', 'SINGLE', 'DOUBLE', 'TRIPLE', 'QUADRUPLE'], masking) - 1",
    'placebo_without_masking':
        "masking = 'NONE' and list_contains(list_transform(arms, lambda arm: arm.type), 'PLACEBO_COMPARATOR')",
    'observational_with_phase': "study_type = 'OBSERVATIONAL' and len(phases) > 0",
    'arm_label_unresolved':
        'not list_has_all(coalesce(' ~ labels ~ ', []), '
        ~ 'flatten(list_transform(interventions, lambda item: coalesce(item.armGroupLabels, []))))',
    'intervention_name_unresolved':
        'not list_has_all(coalesce(' ~ names ~ ', []), list_transform('
        ~ 'flatten(list_transform(arms, lambda arm: coalesce(arm.interventionNames, []))), '
        ~ "lambda name: regexp_replace(name, '^[A-Za-z ]+: ', '')))",
    'arm_label_repeated': 'len(' ~ labels ~ ') <> len(list_distinct(' ~ labels ~ '))',
    'interventional_without_arms': "study_type = 'INTERVENTIONAL' and arms_count = 0",
    'saline_typed_biological':
        "len(list_filter(interventions, lambda item: item.type = 'BIOLOGICAL' and " ~ no_more_than_placebo ~ ')) > 0',
    'placebo_typed_drug':
        "len(list_filter(interventions, lambda item: item.type = 'DRUG' and " ~ no_more_than_placebo ~ ')) > 0',
    'age_unreadable':
        'minimum_age_text is not null and minimum_age_days is null'
        ~ ' or maximum_age_text is not null and maximum_age_days is null',
    'age_minimum_above_maximum': 'minimum_age_days > maximum_age_days',
    'standard_ages_contradict': 'len(standard_ages) > 0 and list_sort(standard_ages) <> ' ~ standard_ages_expected(),
    'no_sites': 'sites_count = 0',
    'generic_facility_name':
        'len(list_filter(sites, lambda site: regexp_full_match(lower(trim(site.facility)), '
        ~ "'((clinical )?(research|investigational|investigative|study|trial) (site|cent(er|re)|facility)"
        ~ "|local institution|investigator site|[a-z]+ (research|investigational|investigative) site)"
        ~ "[ ,#:()-]*([a-z]*[0-9-]+[a-z0-9-]*)?[)]?'))) > 0",
    'sponsor_is_only_site':
        'sites_count = 1 and ' ~ normalised_name('sites[1].facility') ~ ' = ' ~ normalised_name('lead_sponsor_name'),
    'state_missing':
        "len(list_filter(sites, lambda site: site.country in ('United States', 'Canada') "
        ~ "and coalesce(trim(site.state), '') = '')) > 0",
    'country_missing': "len(list_filter(sites, lambda site: coalesce(trim(site.country), '') = '')) > 0",
    'lead_sponsor_missing': "coalesce(trim(lead_sponsor_name), '') = ''",
    'responsible_party_affiliation_missing':
        "responsible_party_type in ('PRINCIPAL_INVESTIGATOR', 'SPONSOR_INVESTIGATOR')"
        ~ ' and not has_responsible_party_affiliation',
    'no_primary_outcome':
        "study_type = 'INTERVENTIONAL' and primary_outcomes_count = 0 and first_submitted_on >= date '2008-01-01'",
    'primary_outcome_without_time_frame':
        "first_submitted_on >= date '2008-01-01' and len(list_filter(primary_outcomes, "
        ~ "lambda outcome: coalesce(trim(outcome.timeFrame), '') = '')) > 0",
    'time_frame_only_numerals':
        'len(list_filter(list_concat(primary_outcomes, secondary_outcomes, other_outcomes), '
        ~ "lambda outcome: regexp_full_match(trim(outcome.timeFrame), '[0-9]+([.,][0-9]+)?'))) > 0",
    'outcome_title_not_specific':
        'len(list_filter(primary_outcomes, lambda outcome: lower(rtrim(trim(outcome.measure), \'.\'))'
        ~ " in ('safety', 'efficacy', 'tolerability', 'feasibility', 'satisfaction'))) > 0",
    'results_contradict_their_date': 'coalesce(has_results, false) <> (results_first_posted_on is not null)',
    'fda_regulated_without_us_link':
        '(coalesce(is_fda_regulated_drug, false) or coalesce(is_fda_regulated_device, false))'
        ~ " and sites_count > 0 and not list_contains(countries, 'United States') and not coalesce(is_us_export, false)",
}) }}
{%- endmacro %}

{#- Six records of 598 890 say so (2026-08): a typist's row of nines, or the population of a country. -#}
{% macro is_enrollment_absurd() -%}
    study_type = 'INTERVENTIONAL' and enrollment_count >= 1000000
    or regexp_full_match(cast(enrollment_count as varchar), '9{6,}')
{%- endmacro %}

{#- The registry's age groups by its age limits, sorted; years of 365.25 days as in age_in_days. -#}
{% macro standard_ages_expected() -%}
    list_filter(
        [
            if(coalesce(maximum_age_days, 1e9) >= 18 * 365.25 and coalesce(minimum_age_days, 0) < 65 * 365.25, 'ADULT', null),
            if(coalesce(minimum_age_days, 0) < 18 * 365.25, 'CHILD', null),
            if(coalesce(maximum_age_days, 1e9) >= 65 * 365.25, 'OLDER_ADULT', null)
        ],
        lambda age_group: age_group is not null
    )
{%- endmacro %}
