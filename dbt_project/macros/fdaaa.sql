{#-
    FDAAA 801 as its trackers read it (42 CFR 11.22(b), 11.44; rules of ebmdatalab/clinicaltrials-act-tracker). The law
    took effect for trials that start from 2017-01-18 on. Every answer is an estimate from the public record.
-#}
{% macro fdaaa_effective() %}date '2017-01-18'{% endmacro %}

{#-
    ACT: an applicable clinical trial. PROBABLE_ACT: begun before the law took effect and completed after it. POSSIBLE_ACT:
    the same where nobody says whether the product is FDA-regulated, which the registry stopped publishing for such trials
    in 2017. Of the trial's columns; `start` and `completed_on` are the last days that partial dates can mean.
-#}
{% macro act_class() -%}
case
    when
        coalesce(study_type, '') <> 'INTERVENTIONAL'
        or coalesce(array_to_string(phases, '/'), '')
        not in ('PHASE1/PHASE2', 'PHASE2', 'PHASE2/PHASE3', 'PHASE3', 'PHASE4', 'NA')
        or primary_purpose = 'DEVICE_FEASIBILITY'
        or overall_status = 'WITHDRAWN'
        then null
    when is_fda_regulated_drug or is_fda_regulated_device
        then case
            when start_date_last_day >= {{ fdaaa_effective() }} then 'ACT'
            when start_date_last_day < {{ fdaaa_effective() }} and completed_on >= {{ fdaaa_effective() }}
                then 'PROBABLE_ACT'
        end
    when
        is_fda_regulated_drug is null
        and is_fda_regulated_device is null
        and start_date_last_day < {{ fdaaa_effective() }}
        and completed_on >= {{ fdaaa_effective() }}
        and has_regulated_intervention
        and has_us_site
        then 'POSSIBLE_ACT'
end
{%- endmacro %}

{#- A year after primary completion, three with a certificate of delay. -#}
{% macro results_due_on() -%}
cast(if(has_certificate, completed_on + interval 3 years, completed_on + interval 365 days) as date)
{%- endmacro %}

{#- Results are looked for from 30 days after a year, or after three with a certificate. -#}
{% macro are_results_due(today) -%}
coalesce(
    completed_on + interval 1 year + interval 30 days < {{ today }}
    and (not has_certificate or completed_on + interval 3 years + interval 30 days < {{ today }}),
    false
)
{%- endmacro %}

{#- Days from `due_on` to a day, none before it; of results that have not come, none in the 30 days of grace either. -#}
{% macro days_late(reported_on, today) -%}
case
    when due_on is null then null
    when {{ reported_on }} is not null then greatest(date_diff('day', due_on, {{ reported_on }}), 0)
    when date_diff('day', due_on, {{ today }}) > 30 then date_diff('day', due_on, {{ today }})
    else 0
end
{%- endmacro %}

{#- Whether results came and came in time, once they are due. -#}
{% macro obligation_status() -%}
case
    when not is_due then if(has_results, 'REPORTED', 'ONGOING')
    when has_results then if(days_late > 0, 'REPORTED_LATE', 'REPORTED')
    when qc_started_on is not null
        then case
            when days_late = 0 then 'REPORTED'
            when is_cancelled then 'OVERDUE_CANCELLED'
            else 'REPORTED_LATE'
        end
    else if(days_late > 0, 'OVERDUE', 'ONGOING')
end
{%- endmacro %}

{#-
    The first day on which `obligation_status` is OVERDUE or OVERDUE_CANCELLED if nothing else is said until then; NULL:
    never.
-#}
{% macro overdue_from() -%}
{%- set looked_for_from -%}
greatest(
    cast(completed_on + interval 1 year + interval 31 days as date),
    if(has_certificate, cast(completed_on + interval 3 years + interval 31 days as date), null)
)
{%- endset -%}
case
    when has_results then null
    when qc_started_on is not null
        then if(is_cancelled and reported_on > due_on, {{ looked_for_from }}, null)
    when reported_on is not null then if(reported_on > due_on, {{ looked_for_from }}, null)
    else greatest({{ looked_for_from }}, due_on + 31)
end
{%- endmacro %}
