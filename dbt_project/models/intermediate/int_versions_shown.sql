{#- What counts of a trial's known versions, up to the one that our snapshots showed last. -#}
with

versions as (

    select * from {{ ref('fct_trial_versions') }}
    where not is_overruled and content_hash is not null

),

final as (

    select
        nct_id,
        version_number,
        content_hash,
        clock,
        dated_on

    from versions
    qualify version_number <= max(if(source = 'SNAPSHOTS', version_number, null)) over (partition by nct_id)

)

select * from final
