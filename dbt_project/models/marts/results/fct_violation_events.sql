with

listed as (

    select
        nct_id,
        unnest(annotation_module.violationAnnotation.violationEvents) as event,
        generate_subscripts(annotation_module.violationAnnotation.violationEvents, 1) as event_number

    from {{ ref('int_records_current') }}

),

final as (

    select
        nct_id,
        event_number,
        event.type as event_type,
        event.description as event_description,
        {{ full_date('event.creationDate') }} as created_on,
        {{ full_date('event.issuedDate') }} as issued_on,
        {{ full_date('event.releaseDate') }} as released_on,
        {{ full_date('event.postedDate') }} as posted_on

    from listed

)

select * from final
