with

listed as (

    select
        nct_id,
        unnest(annotation_module.unpostedAnnotation.unpostedEvents) as event,
        generate_subscripts(annotation_module.unpostedAnnotation.unpostedEvents, 1) as event_number

    from {{ ref('int_records_current') }}

),

final as (

    select
        nct_id,
        event_number,
        event.type as event_type,
        event.date as event_date_text,
        {{ full_date('event.date') }} as event_date,
        event.dateUnknown as is_date_unknown

    from listed

)

select * from final
