{#-
    The criteria of a trial as a page shows them: outermost items in order, each with the items below it. A view
    without a database in its names, because the file is renamed when published.
-#}
with

criteria as (

    select
        *,
        max(criterion_number) filter (criterion_role = 'ITEM' and depth = 1)
            over (partition by nct_id order by criterion_number) as outermost_number

    from {{ ref('fct_trial_criteria').include(database=false) }}

),

preambles as (

    select
        nct_id,
        criterion_kind,
        string_agg(criterion_plain_text, chr(10) order by criterion_number) as preamble

    from criteria
    where criterion_role = 'PREAMBLE' and coalesce(depth, 1) = 1
    group by nct_id, criterion_kind

),

below as (

    select
        nct_id,
        outermost_number,
        list({ 'path': item_path, 'text': criterion_plain_text } order by criterion_number) as items

    from criteria
    where criterion_role = 'ITEM' and depth > 1
    group by nct_id, outermost_number

),

listed as (

    select
        outermost.nct_id,
        outermost.criterion_kind,
        list({
            'path': outermost.item_path,
            'text': outermost.criterion_plain_text,
            'items': coalesce(below.items, [])
        } order by outermost.criterion_number) as items

    from criteria as outermost
    left join below
        on
            outermost.nct_id = below.nct_id
            and outermost.criterion_number = below.outermost_number
    where outermost.criterion_role = 'ITEM' and outermost.depth = 1
    group by outermost.nct_id, outermost.criterion_kind

),

final as (

    select
        listed.nct_id,
        any_value(preambles.preamble) filter (listed.criterion_kind = 'INCLUSION') as inclusion_preamble,
        any_value(listed.items) filter (listed.criterion_kind = 'INCLUSION') as inclusion_criteria,
        any_value(preambles.preamble) filter (listed.criterion_kind = 'EXCLUSION') as exclusion_preamble,
        any_value(listed.items) filter (listed.criterion_kind = 'EXCLUSION') as exclusion_criteria

    from listed
    left join preambles
        on
            listed.nct_id = preambles.nct_id
            and listed.criterion_kind = preambles.criterion_kind
    group by listed.nct_id

)

select * from final
