{#-
    Trials that give an identifier which others give too, since the day on which there were too many: two of one study id
    and lead sponsor, four of one secondary id.
-#}
with

contents as (

    select
        contents.nct_id,
        contents.content_hash,
        contents.org_study_id,
        contents.lead_sponsor_name,
        lists.secondary_ids

    from {{ ref('trial_contents') }} as contents
    inner join {{ ref('trial_lists') }} as lists
        on
            contents.nct_id = lists.nct_id
            and contents.content_hash = lists.content_hash
    semi join {{ ref('int_versions_shown') }} as shown
        on
            contents.nct_id = shown.nct_id
            and contents.content_hash = shown.content_hash

),

secondary_ids as (

    select
        nct_id,
        content_hash,
        unnest(secondary_ids) as item

    from contents

),

identifiers as (

    select
        nct_id,
        content_hash,
        concat_ws(
            chr(31),
            'org_study_id_shared',
            {{ normalised_name('org_study_id') }},
            {{ normalised_name('lead_sponsor_name') }}
        ) as identifier

    from contents
    where org_study_id is not null and lead_sponsor_name is not null
    union
    select
        nct_id,
        content_hash,
        'secondary_id_shared' || chr(31) || {{ normalised_name('item.id') }} as identifier

    from secondary_ids
    where item.id is not null

),

given_now as (

    select
        identifiers.nct_id,
        identifiers.identifier,
        split_part(identifiers.identifier, chr(31), 1) as rule

    from identifiers
    inner join {{ ref('int_trials_located_in_time') }} as trials
        on
            identifiers.nct_id = trials.nct_id
            and identifiers.content_hash = trials.content_hash
    where trials.is_in_registry

),

shared as (

    select
        nct_id,
        identifier,
        rule,
        if(rule = 'org_study_id_shared', 2, 4) as too_many

    from given_now
    qualify count(*) over (partition by identifier) >= too_many

),

dated as (

    select
        shared.nct_id,
        shared.rule,
        standing.since_clock,
        greatest(
            standing.since,
            list_sort(list(standing.since) over (partition by shared.identifier))[shared.too_many]
        ) as since

    from shared
    inner join {{ standing_since('shared', 'identifiers', 'identifier') }} as standing
        on
            shared.nct_id = standing.nct_id
            and shared.identifier = standing.identifier

),

final as (

    select
        nct_id,
        rule,
        min(since) as since,
        arg_min(since_clock, since) as since_clock

    from dated
    group by nct_id, rule

)

select * from final
