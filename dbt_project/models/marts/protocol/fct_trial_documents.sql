with

listed as (

    select
        nct_id,
        unnest(large_document_module.largeDocs) as document,
        generate_subscripts(large_document_module.largeDocs, 1) as document_number

    from {{ ref('int_records_current') }}

),

final as (

    select
        nct_id,
        document_number,
        document.label as document_label,
        document.typeAbbrev as document_type,
        document.hasProtocol as has_protocol,
        document.hasSap as has_statistical_analysis_plan,
        document.hasIcf as has_informed_consent_form,
        {{ full_date('document.date') }} as document_date,
        try_cast(document.uploadDate as timestamp) as uploaded_at,
        document.filename as file_name,
        document.size as file_bytes,
        'https://cdn.clinicaltrials.gov/large-docs/' || right(nct_id, 2) || '/' || nct_id || '/'
        || document.filename as document_url

    from listed

)

select * from final
