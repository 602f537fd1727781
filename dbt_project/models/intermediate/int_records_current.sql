{#-
    The newest record of each trial that changed since the file was last built, of all trials in a new file: where every
    mart about what a record says begins. Read by an incremental model, those of the batch that it is writing.
-#}
with

changed as (

    select * from {{ ref('stg_ctgov__trials_changed') }}
    where {{ in_batch() }}

),

records as (

    select * from {{ ref('stg_ctgov__records') }}
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
