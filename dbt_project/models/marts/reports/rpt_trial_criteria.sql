{#-
    The criteria of a trial as a page shows them: outermost items in order, each with the heading and the preamble it
    stands under and with what is below it. A view without a database in its names, because the file is renamed when
    published.
-#}
with

criteria as (

    select
        *,
        criterion_role = 'ITEM' and depth = 1 as is_outermost,
        max(criterion_number) filter (criterion_role = 'ITEM' and depth = 1)
            over (partition by nct_id order by criterion_number) as outermost_above,
        min(criterion_number) filter (criterion_role = 'ITEM' and depth = 1)
            over (
                partition by nct_id
                order by criterion_number
                rows between current row and unbounded following
            ) as outermost_below

    from {{ ref('fct_trial_criteria').include(database=false) }}

),

headings as (

    select
        nct_id,
        criterion_number,
        criterion_plain_text as heading

    from criteria
    where criterion_role = 'HEADING'

),

preambles as (

    select
        nct_id,
        outermost_below as criterion_number,
        string_agg(criterion_plain_text, chr(10) order by criterion_number) as preamble

    from criteria
    where criterion_role = 'PREAMBLE' and coalesce(depth, 1) = 1
    group by nct_id, outermost_below

),

below as (

    select
        nct_id,
        outermost_above as criterion_number,
        list(struct_pack(path := item_path, text := criterion_plain_text) order by criterion_number) as items

    from criteria
    where criterion_role <> 'HEADING' and depth > 1
    group by nct_id, outermost_above

),

listed as (

    select
        criteria.nct_id,
        coalesce(criteria.criterion_kind, 'OTHER') as kind,
        list(struct_pack(
            heading := headings.heading,
            preamble := preambles.preamble,
            path := criteria.item_path,
            text := criteria.criterion_plain_text,
            items := coalesce(below.items, [])
        ) order by criteria.criterion_number) as items

    from criteria
    left join headings
        on
            criteria.nct_id = headings.nct_id
            and criteria.heading_criterion_number = headings.criterion_number
    left join preambles
        on
            criteria.nct_id = preambles.nct_id
            and criteria.criterion_number = preambles.criterion_number
    left join below
        on
            criteria.nct_id = below.nct_id
            and criteria.criterion_number = below.criterion_number
    where criteria.is_outermost
    group by criteria.nct_id, kind

),

final as (

    select
        nct_id,
        any_value(items) filter (kind = 'INCLUSION') as inclusion_criteria,
        any_value(items) filter (kind = 'EXCLUSION') as exclusion_criteria,
        any_value(items) filter (kind = 'OTHER') as other_criteria

    from listed
    group by nct_id

)

select * from final
