{#- The rules that each trial's newest record breaks, by itself or beside others, and since when. -#}
with

flagged as (

    select
        flags.nct_id,
        flags.rule

    from {{ ref('trial_content_flags') }} as flags
    semi join {{ ref('int_trials_located_in_time') }} as trials
        on
            flags.nct_id = trials.nct_id
            and flags.content_hash = trials.content_hash

),

by_themselves as (

    select * from {{ standing_since('flagged', ref('trial_content_flags'), 'rule') }}

),

by_their_way as (

    select
        history.nct_id,
        'unusual_transition' as rule,
        history.status_from as since,
        history.clock as since_clock

    from {{ ref('fct_status_history') }} as history
    inner join {{ ref('status_transitions') }} as transitions
        on
            history.previous_status = transitions.from_status
            and history.status = transitions.to_status
    where history.is_current

),

all_found as (

    select * from by_themselves
    union all by name
    select * from by_their_way
    union all by name
    select * from {{ ref('int_identifiers_shared') }}
    union all by name
    select * from {{ ref('int_enrollments_far_off') }}
    union all by name
    select * from {{ ref('int_post_dates_gone_back') }}

),

final as (

    select
        found.nct_id,
        found.rule,
        rules.suite,
        rules.weight,
        rules.message,
        found.since,
        found.since_clock

    from all_found as found
    inner join {{ ref('quality_rules') }} as rules on found.rule = rules.rule
    where rules.level = 'FLAG'

)

select * from final
