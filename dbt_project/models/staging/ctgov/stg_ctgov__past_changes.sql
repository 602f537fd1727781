with

changes as (

    select * from {{ source('raw', 'raw_ctgov__past_changes') }}

),

contents as (

    select * from {{ source('raw', 'raw_ctgov__past_contents') }}

),

final as (

    select
        changes.nct_id,
        changes.version_number,
        contents.content_hash,
        changes.status as overall_status,
        changes.submitted_on,
        changes.known_from,
        contents.known_from as read_from

    from changes
    left join contents
        on
            changes.nct_id = contents.nct_id
            and changes.version_number = contents.version_number

)

select * from final
