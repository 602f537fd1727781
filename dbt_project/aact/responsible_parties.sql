-- A row where the record gives anything of its responsible party.
select
    aact.row_id('responsible_parties', nct_id, 1) as id,
    nct_id,
    responsible_party_type,
    responsible_party_name as name,
    responsible_party_title as title,
    responsible_party_old_organization as organization,
    responsible_party_affiliation as affiliation,
    responsible_party_old_name_title as old_name_title

from marts.dim_trials
where
    is_in_registry
    and coalesce(
        responsible_party_type, responsible_party_name, responsible_party_title,
        responsible_party_old_organization, responsible_party_affiliation, responsible_party_old_name_title
    ) is not null
