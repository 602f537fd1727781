-- Question 12: What are the reasons for stopping, by phase and funder class, by year?
--
-- A row is one phase, class of the lead sponsor, year and kind of stop. Reasons stand as the sponsors gave
-- them: they are free text, nothing here groups words that mean the same.
-- It does not say the day of a stop, which no record gives: the year is that of completion where a trial
-- was terminated, else of the record's last update, which may be later than the stop. Trials that were
-- suspended once and are open again are not here.
--
-- Columns:
--   year                INTEGER    see above; NULL where the record has no such date
--   phase_label         VARCHAR    phases in plain words; NULL: the record names none
--   lead_sponsor_class  VARCHAR    class of the lead sponsor, such as INDUSTRY
--   overall_status      VARCHAR    SUSPENDED, TERMINATED or WITHDRAWN
--   trials_count        BIGINT     trials stopped so
--   reasonless_count    BIGINT     of these, trials that give no reason
--   reasons             VARCHAR[]  distinct reasons, the most frequent first, then by alphabet

with

parameters as (

    select
        10 as reasons_shown,
        2008 as year_from

),

stopped as (

    select
        nct_id,
        overall_status,
        phase_label,
        lead_sponsor_class,
        trim(why_stopped) as reason,
        if(overall_status = 'TERMINATED', completion_date, last_update_posted_on) as dated,
        cast(year(dated) as integer) as year

    from marts.dim_trials
    where overall_status in ('SUSPENDED', 'TERMINATED', 'WITHDRAWN')

),

reasons_counted as (

    select
        year,
        phase_label,
        lead_sponsor_class,
        overall_status,
        reason,
        count(*) as trials_count

    from stopped
    group by all

),

final as (

    select
        counted.year,
        counted.phase_label,
        counted.lead_sponsor_class,
        counted.overall_status,
        cast(sum(counted.trials_count) as bigint) as trials_count,
        cast(coalesce(sum(counted.trials_count) filter (counted.reason is null), 0) as bigint)
            as reasonless_count,
        list_slice(
            coalesce(
                list(counted.reason order by counted.trials_count desc, counted.reason asc)
                filter (counted.reason is not null),
                []
            ),
            1,
            any_value(parameters.reasons_shown)
        ) as reasons

    from reasons_counted as counted
    cross join parameters
    where counted.year >= parameters.year_from or counted.year is null
    group by all

)

select * from final
order by year desc, trials_count desc, phase_label asc, lead_sponsor_class asc, overall_status asc
