with

periods as (

    select
        nct_id,
        unnest(participant_flow_module.periods) as period,
        generate_subscripts(participant_flow_module.periods, 1) as period_number

    from {{ ref('int_records_current') }}

),

milestones as (

    select
        nct_id,
        period_number,
        period.title as period_title,
        'MILESTONE' as flow_kind,
        unnest(period.milestones) as milestone,
        generate_subscripts(period.milestones, 1) as flow_number

    from periods

),

achievements as (

    select
        * exclude (milestone),
        milestone.type as flow_title,
        milestone.comment as flow_comment,
        {{ each_or_one_empty('milestone.achievements', 'achievement', 'group_position') }}

    from milestones

),

withdrawals as (

    select
        nct_id,
        period_number,
        period.title as period_title,
        'WITHDRAWAL' as flow_kind,
        unnest(period.dropWithdraws) as withdrawal,
        generate_subscripts(period.dropWithdraws, 1) as flow_number

    from periods

),

reasons as (

    select
        * exclude (withdrawal),
        withdrawal.type as flow_title,
        withdrawal.comment as flow_comment,
        {{ each_or_one_empty('withdrawal.reasons', 'reason', 'group_position') }}

    from withdrawals

),

final as (

    select
        * exclude (achievement),
        achievement.groupId as group_id,
        achievement.comment as group_comment,
        achievement.numSubjects as participants_text,
        {{ number_in('achievement.numSubjects') }} as participants,
        achievement.numUnits as units_text,
        {{ number_in('achievement.numUnits') }} as units

    from achievements
    union all
    select
        * exclude (reason),
        reason.groupId as group_id,
        reason.comment as group_comment,
        reason.numSubjects as participants_text,
        {{ number_in('reason.numSubjects') }} as participants,
        cast(null as varchar) as units_text,
        cast(null as double) as units

    from reasons

)

select * from final
