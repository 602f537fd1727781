{#-
    Trials whose newest record was updated earlier than one before it, by its own words, and since when: an older version
    came back, or an old copy was served.
-#}
with

stretches as (

    select
        nct_id,
        snapshot_date,
        coalesce(last_update_posted_on < max(last_update_posted_on) over (
            partition by nct_id
            order by snapshot_date
            rows between unbounded preceding and 1 preceding
        ), false) as is_back

    from {{ ref('int_trial_stretches') }}

),

runs as (

    select
        *,
        max(if(is_back, null, snapshot_date)) over (partition by nct_id) as last_forward_date

    from stretches

),

final as (

    select
        nct_id,
        'post_date_went_back' as rule,
        min(snapshot_date) as since,
        'OBSERVED' as since_clock

    from runs
    where snapshot_date > last_forward_date
    group by nct_id

)

select * from final
