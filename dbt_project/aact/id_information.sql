select
    aact.row_id(
        'id_information',
        identifiers.nct_id,
        identifiers.identifier_source || '/' || identifiers.identifier_number
    ) as id,
    identifiers.nct_id,
    lower(identifiers.identifier_source) as id_source,
    identifiers.identifier as id_value,
    identifiers.identifier_type as id_type,
    identifiers.identifier_domain as id_type_description,
    identifiers.identifier_url as id_link

from marts.fct_trial_identifiers as identifiers
semi join marts.dim_trials as trials on identifiers.nct_id = trials.nct_id and trials.is_in_registry
