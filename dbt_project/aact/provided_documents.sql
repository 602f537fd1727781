select
    aact.row_id('provided_documents', documents.nct_id, documents.document_number) as id,
    documents.nct_id,
    documents.document_label as document_type,
    documents.has_protocol,
    documents.has_informed_consent_form as has_icf,
    documents.has_statistical_analysis_plan as has_sap,
    documents.document_date,
    'https://ClinicalTrials.gov/ProvidedDocs/' || right(documents.nct_id, 2) || '/' || documents.nct_id || '/'
    || documents.file_name as url

from marts.fct_trial_documents as documents
semi join marts.dim_trials as trials on documents.nct_id = trials.nct_id and trials.is_in_registry
