{#- The phases of each version in plain words: "Phase 1/Phase 2". -#}
with

versions as (

    select * from {{ ref('stg_ctgov__versions') }}

),

phase_labels as (

    select * from {{ ref('ctgov_phases') }}

),

final as (

    select
        versions.nct_id,
        versions.content_hash,
        string_agg(coalesce(phase_labels.label, item.phase), '/' order by item.position) as phase_label

    from versions
    cross join unnest(versions.phases) with ordinality as item (phase, position)
    left join phase_labels on item.phase = phase_labels.code
    group by versions.nct_id, versions.content_hash

)

select * from final
