with

quarantine as (

    select * from {{ ref('stg_ctgov__quarantine') }}

),

final as (

    select
        snapshot_date,
        raw_line,
        nct_id,
        reason,
        content_hash,
        'raw/snapshot_date=' || snapshot_date || '/quarantined.jsonl.zst' as raw_file

    from quarantine

)

select * from final
