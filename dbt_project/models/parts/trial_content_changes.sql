{#- How each content of a trial differs from the one before. Neither changes: a file adds what it lacks. -#}
{%- set pair = '(nct_id, from_content_hash, to_content_hash)' -%}
{%- set is_in_file = pair ~ ' in (select ' ~ pair ~ ' from ' ~ this ~ ')' -%}
with

{# What our snapshots show one after the other is compared, whatever history has between them. #}
followed as (

    select
        nct_id,
        previous_content_hash as from_content_hash,
        content_hash as to_content_hash

    from {{ ref('fct_trial_versions') }}
    where previous_content_hash <> content_hash
    union
    select
        nct_id,
        last_seen_content_hash as from_content_hash,
        content_hash as to_content_hash

    from {{ ref('fct_trial_versions') }}
    where last_seen_content_hash <> content_hash

),

pairs as (

    select * from followed
    where {{ 'not ' ~ is_in_file if is_incremental() else in_batch() }}

),

{{ changes_between() }}

select * from changes
