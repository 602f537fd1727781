with

trials as (

    select * from {{ ref('int_trials_located_in_time') }}

),

versions as (

    select * from {{ ref('trial_contents') }}

),

absences as (

    select * from {{ ref('int_absences_explained') }}
    where departure_type = 'MERGED'

),

named_by_records as (

    select
        versions.nct_id,
        unnest(versions.nct_id_aliases) as alias_nct_id

    from trials
    inner join versions
        on
            trials.nct_id = versions.nct_id
            and trials.content_hash = versions.content_hash

),

seen_merging as (

    select
        merged_into_nct_id as nct_id,
        nct_id as alias_nct_id,
        min(absent_from) as merged_on

    from absences
    group by merged_into_nct_id, nct_id

),

final as (

    select
        coalesce(seen_merging.alias_nct_id, named_by_records.alias_nct_id) as alias_nct_id,
        coalesce(seen_merging.nct_id, named_by_records.nct_id) as nct_id,
        named_by_records.nct_id is not null as is_named_by_record,
        seen_merging.merged_on

    from named_by_records
    full outer join seen_merging
        on
            named_by_records.nct_id = seen_merging.nct_id
            and named_by_records.alias_nct_id = seen_merging.alias_nct_id

)

select distinct * from final
