{#-
    Each stretch in which a trial is listed no more, with what the registry said of it when it was asked.
    The newest answer within the stretch counts: a gate may hold the day of the first. An artefact is no absence,
    and what nobody was asked about is none that we speak of.
-#}
with

stretches as (

    select * from {{ ref('int_trial_stretches') }}

),

departures as (

    select * from {{ ref('stg_ctgov__departures') }}

),

absences as (

    select
        nct_id,
        last_listed_date as last_seen_date,
        next_snapshot_date as absent_from,
        next_data_timestamp as absent_from_timestamp,
        next_seen_date as returned_on,
        overall_status,
        content_hash

    from stretches
    where next_snapshot_date is not null and next_seen_date is distinct from next_snapshot_date

),

answers as (

    select
        absences.nct_id,
        absences.absent_from,
        arg_max(departures.departure_type, departures.absent_on) as departure_type,
        arg_max_null(departures.merged_into_nct_id, departures.absent_on) as merged_into_nct_id

    from absences
    inner join departures
        on
            absences.nct_id = departures.nct_id
            and absences.last_seen_date < departures.absent_on
            and (absences.returned_on is null or absences.returned_on > departures.absent_on)
    group by absences.nct_id, absences.absent_from

),

final as (

    select
        absences.*,
        answers.departure_type,
        answers.merged_into_nct_id

    from absences
    inner join answers
        on absences.nct_id = answers.nct_id and absences.absent_from = answers.absent_from
    where answers.departure_type <> 'ARTEFACT'

)

select * from final
