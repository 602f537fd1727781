-- Each stretch begins where the one before ends, differs from it, and only the last one is open.
with

stretches as (

    select
        *,
        lag(status_to) over of_trial as ended_before,
        lag(status) over of_trial as status_before,
        lead(nct_id) over of_trial is null as is_last

    from {{ ref('fct_status_history') }}
    window of_trial as (partition by nct_id order by status_number)

)

select *
from stretches
where
    (status_number > 1 and (status_from is distinct from ended_before or status = status_before))
    or is_current <> is_last
    or (status_to is null) <> is_last
    or status_days < 0
