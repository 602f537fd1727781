{#-
    Every record of which a row is to be written: the newest one of trials that changed, and those of versions, past
    ones too, that the file does not hold yet. Read by an incremental model, those of the batch that it is writing.
-#}
with

changed as (

    select
        nct_id,
        content_hash

    from {{ ref('stg_ctgov__trials_changed') }}
    where {{ in_batch() }}
    union
    select
        nct_id,
        content_hash

    from {{ ref('stg_ctgov__versions_changed') }}
    where {{ in_batch() }}

),

records as (

    select * from {{ ref('stg_ctgov__records') }}
    where {{ in_batch() }}
    union all
    select * from {{ ref('stg_ctgov__past_records') }}
    where {{ in_batch() }}

),

final as (

    select records.*
    from records
    semi join changed
        on
            records.nct_id = changed.nct_id
            and records.content_hash = changed.content_hash

)

select * from final
