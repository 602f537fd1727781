{#-
    On the day on which a trial was first seen suspended: which other trials of its lead sponsor were open and give one
    of its interventions, by name. What every trial gives for comparison says nothing: placebo, sham, no treatment.
-#}
{%- set comparators = [
    'placebos?', 'sham', 'no (?:treatment|intervention)', 'standard of care', 'usual care'
] | join('|') -%}
with

contents as (

    select
        nct_id,
        content_hash,
        lower(trim(lead_sponsor_name)) as sponsor

    from {{ ref('trial_contents') }}

),

suspended as (

    select
        changes.nct_id,
        changes.snapshot_date,
        changes.content_hash,
        contents.sponsor

    from {{ ref('int_statuses_changed') }} as changes
    inner join contents
        on changes.nct_id = contents.nct_id and changes.content_hash = contents.content_hash
    where changes.event_type = 'STATUS_SUSPENDED'

),

others as (

    select
        suspended.nct_id,
        suspended.snapshot_date,
        suspended.content_hash,
        stretches.nct_id as other_nct_id,
        stretches.content_hash as other_content_hash

    from suspended
    inner join contents on suspended.sponsor = contents.sponsor
    inner join {{ ref('int_trial_stretches') }} as stretches
        on
            contents.nct_id = stretches.nct_id
            and contents.content_hash = stretches.content_hash
            and suspended.nct_id <> stretches.nct_id
            and suspended.snapshot_date between stretches.snapshot_date and stretches.last_listed_date
    inner join {{ ref('ctgov_overall_statuses') }} as statuses
        on stretches.overall_status = statuses.code
    where statuses.is_open

),

compared as (

    select
        nct_id,
        content_hash

    from others
    union
    select
        other_nct_id as nct_id,
        other_content_hash as content_hash

    from others

),

treatments as (

    select
        lists.nct_id,
        lists.content_hash,
        unnest(lists.interventions).name as given_name,
        lower(trim(regexp_replace(given_name, '[\s\p{Z}]+', ' ', 'g'))) as name

    from {{ ref('trial_lists') }} as lists
    semi join compared on lists.nct_id = compared.nct_id and lists.content_hash = compared.content_hash

),

final as (

    select
        others.nct_id,
        others.snapshot_date,
        list(distinct others.other_nct_id order by others.other_nct_id) as other_active_trials

    from others
    inner join treatments as given
        on others.nct_id = given.nct_id and others.content_hash = given.content_hash
    inner join treatments as other_given
        on
            others.other_nct_id = other_given.nct_id
            and others.other_content_hash = other_given.content_hash
            and given.name = other_given.name
    where not regexp_matches(given.name, '^(?:matching |matched )?(?:{{ comparators }})\b')
    group by others.nct_id, others.snapshot_date

)

select * from final
