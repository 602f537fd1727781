{#-
    The CTEs from `pairs` (nct_id, from_content_hash, to_content_hash) to `changes`, one row a thing that the second
    content says otherwise. The items of each list are paired first: equal ones in their order, then those that share
    what names them, then those that share most of their words; of all that could be, always the surest pair. So an item
    that moved or was reworded is not one removed and another added.
-#}
{% macro changes_between() -%}
pairs_numbered as materialized (

    select
        *,
        row_number() over () as pair_number

    from pairs
    where from_content_hash <> to_content_hash

),

sides as (

    select
        pair_number,
        nct_id,
        'WAS' as side,
        from_content_hash as content_hash

    from pairs_numbered
    union all
    select
        pair_number,
        nct_id,
        'NOW' as side,
        to_content_hash as content_hash

    from pairs_numbered

),

contents as materialized (

    select
        sides.pair_number,
        sides.side,
        contents.* exclude (nct_id, content_hash),
        lists.* exclude (nct_id, content_hash) replace (
            coalesce(lists.brief_summary, newest.brief_summary) as brief_summary,
            coalesce(lists.detailed_description, newest.detailed_description) as detailed_description,
            coalesce(lists.eligibility_criteria, newest.eligibility_criteria) as eligibility_criteria
        )

    from sides
    inner join {{ ref('trial_contents').include(database=false) }} as contents
        on sides.nct_id = contents.nct_id and sides.content_hash = contents.content_hash
    inner join {{ ref('trial_lists').include(database=false) }} as lists
        on sides.nct_id = lists.nct_id and sides.content_hash = lists.content_hash
    left join {{ ref('trials_as_recorded').include(database=false) }} as newest
        on sides.nct_id = newest.nct_id and sides.content_hash = newest.content_hash

),

items as materialized (

    select
        *,
        row_number() over (
            partition by pair_number, side, kind, said
            order by item_number
        ) as copy_number

    from ({{ listed_items('contents') }})

),

paired_as_equal as materialized (

    select
        was.pair_number,
        was.kind,
        was.item_number as was_number,
        now.item_number as now_number

    from items as was
    inner join items as now
        on
            was.pair_number = now.pair_number
            and was.kind = now.kind
            and was.said = now.said
            and was.copy_number = now.copy_number
    where was.side = 'WAS' and now.side = 'NOW'

),

others as (

    select
        items.* exclude (copy_number),
        {{ canonical_text('items.said[1].value') }} as said_1,
        {{ canonical_text('items.said[2].value') }} as said_2,
        {{ canonical_text('items.said[3].value') }} as said_3,
        {{ canonical_text('items.said[4].value') }} as said_4

    from {{ not_in_pairs('items', 'paired_as_equal') }} as items

),

named as materialized (

    select
        *,
        row_number() over (
            partition by pair_number, side, kind, said_1, said_2, said_3, said_4
            order by item_number
        ) as copy_number,
        if(kind = 'TRIAL', [], {{ content_words(
            "concat_ws(' ', if(kind = 'INTERVENTION', " ~ without_dose('said_1') ~ ", said_1),"
            ~ " case kind when 'ARM' then said_4 when 'REFERENCE' then said_3 end)"
        ) }}) as words

    from others

),

paired_0 as materialized (

    select
        was.pair_number,
        was.kind,
        was.item_number as was_number,
        now.item_number as now_number,
        was.said as was_said,
        now.said as now_said,
        was.words as was_words,
        now.words as now_words,
        1.0 as shared_words,
        9.0 as score

    from named as was
    inner join named as now
        on
            was.pair_number = now.pair_number
            and was.kind = now.kind
            and was.copy_number = now.copy_number
            and coalesce(was.said_1, '') = coalesce(now.said_1, '')
            and coalesce(was.said_2, '') = coalesce(now.said_2, '')
            and coalesce(was.said_3, '') = coalesce(now.said_3, '')
            and coalesce(was.said_4, '') = coalesce(now.said_4, '')
    where was.side = 'WAS' and now.side = 'NOW'

),

unnamed as materialized (

    select * from {{ not_in_pairs('named', 'paired_0') }}

),

candidates_0 as materialized (

    select
        was.pair_number,
        was.kind,
        was.item_number as was_number,
        now.item_number as now_number,
        was.said as was_said,
        now.said as now_said,
        was.words as was_words,
        now.words as now_words,
        coalesce(
            len(list_intersect(was.words, now.words)) / nullif(len(list_distinct(list_concat(was.words, now.words))), 0),
            0
        ) as shared_words,
        {{ pairing_score() }} as score

    from unnamed as was
    inner join unnamed as now
        on
            was.pair_number = now.pair_number
            and was.kind = now.kind
    where was.side = 'WAS' and now.side = 'NOW' and score is not null

),
{% for round in range(1, 7) %}
ranked_{{ round }} as (

    select
        *,
        abs(
            dense_rank() over (partition by pair_number, kind, now_number, score order by was_number)
            - dense_rank() over (partition by pair_number, kind, was_number, score order by now_number)
        ) as ranks_apart

    from candidates_{{ round - 1 }}

),

paired_{{ round }} as materialized (

    select * exclude (ranks_apart)
    from ranked_{{ round }}
    window
        of_was as (
            partition by pair_number, kind, was_number
            order by score desc, ranks_apart, was_number, now_number
        ),
        of_now as (
            partition by pair_number, kind, now_number
            order by score desc, ranks_apart, was_number, now_number
        )
    qualify row_number() over of_was = 1 and row_number() over of_now = 1

),

candidates_{{ round }} as materialized (

    select candidates.*
    from candidates_{{ round - 1 }} as candidates
    anti join paired_{{ round }} as paired
        on
            candidates.pair_number = paired.pair_number
            and candidates.kind = paired.kind
            and candidates.was_number = paired.was_number
    anti join paired_{{ round }} as paired
        on
            candidates.pair_number = paired.pair_number
            and candidates.kind = paired.kind
            and candidates.now_number = paired.now_number

),
{% endfor %}
paired as materialized (
{% for round in range(0, 7) %}
    select * from paired_{{ round }}
    {{ 'union all' if not loop.last }}
{%- endfor %}

),

values_compared as (

    select
        *,
        unnest(was_said) as was,
        unnest(now_said) as now

    from paired

),

values_changed as materialized (

    select
        values_compared.* exclude (was_said, now_said, was, now),
        was_said[1].value as was_item,
        now_said[1].value as now_item,
        if(values_compared.kind = 'SITE', was_said[3].value, was_said[2].value) as was_part,
        if(values_compared.kind = 'SITE', now_said[3].value, now_said[2].value) as now_part,
        fields.field,
        fields.path,
        fields.is_shown,
        fields.is_text,
        fields.materiality as materiality_of_field,
        was.value as was_value,
        now.value as now_value,
        values_compared.kind = 'CRITERION'
        and fields.field = 'section'
        and (was_value is null or now_value is null) as is_section_named,
        case
            when
                (values_compared.kind, fields.field) in (('SITE', 'country'), ('COUNTRY', 'name'))
                and {{ country_now('was_value') }} = {{ country_now('now_value') }}
                then 'SPELLING'
            when not fields.is_text or was_value is null or now_value is null then null
            when
                trim(regexp_replace(was_value, '[\s\p{Z}]+', ' ', 'g'))
                = trim(regexp_replace(now_value, '[\s\p{Z}]+', ' ', 'g'))
                then 'WHITESPACE'
            when {{ without_markup('was_value') }} = {{ without_markup('now_value') }} then 'MARKUP'
            when {{ canonical_text('was_value') }} = {{ canonical_text('now_value') }} then 'SPELLING'
        end as noise

    from values_compared
    inner join {{ ref('dim_compared_fields').include(database=false) }} as fields
        on values_compared.kind = fields.kind and values_compared.was.field = fields.field
    where values_compared.was.value is distinct from values_compared.now.value

),

fields_changed as (

    select
        pair_number,
        kind,
        now_number as item_number,
        field,
        path,
        if(is_shown and kind <> 'TRIAL', coalesce(now_item, was_item), null) as item,
        if(kind in ('OUTCOME', 'CRITERION', 'SITE', 'REFERENCE'), now_part, null) as part,
        case
            when noise is not null or is_section_named then 'REWRITTEN'
            when was_value is null then 'ADDED'
            when now_value is null then 'REMOVED'
            when kind = 'OUTCOME' and field = 'outcome_type' then case
                when was_value = 'PRIMARY' then 'DEMOTED'
                when now_value = 'PRIMARY' then 'PROMOTED'
                else 'CHANGED'
            end
            when kind = 'OUTCOME' and field = 'time_frame' then 'TIMEPOINT_CHANGED'
            when kind = 'OUTCOME' and field = 'measure' then case
                when len(list_intersect(was_words, now_words)) = greatest(len(was_words), len(now_words)) then 'REWORDED'
                when len(list_intersect(was_words, now_words)) = len(was_words) then 'NARROWED'
                when len(list_intersect(was_words, now_words)) = len(now_words) then 'BROADENED'
                else 'REWORDED'
            end
            when kind = 'CRITERION' and field = 'section' then 'MOVED'
            when field in ('label', 'name', 'facility') then 'RENAMED'
            when is_text then 'REWORDED'
            else 'CHANGED'
        end as change_type,
        if(is_shown, was_value, null) as before_value,
        if(is_shown, now_value, null) as after_value,
        if(score <= 1, round(shared_words, 2), null) as similarity,
        noise is null
        and kind = 'OUTCOME'
        and field = 'measure' as needs_review,
        case
            when noise is not null or is_section_named then 'CHURN'
            when kind = 'OUTCOME' then if('PRIMARY' in (was_part, now_part), 'MAJOR', 'MINOR')
            when kind = 'REFERENCE' and was_part = 'DERIVED' and now_part = 'DERIVED' and field <> 'retractions'
                then 'CHURN'
            else materiality_of_field
        end as materiality,
        case
            when noise is not null then noise
            when is_section_named then 'MARKUP'
            when materiality <> 'CHURN' then null
            when field in ('latitude', 'longitude') then 'GEOCODE'
            else 'DERIVED'
        end as churn_class

    from values_changed

),

items_alone as materialized (

    select
        *,
        kind = 'CRITERION' and {{ is_criteria_heading('said[1].value') }} as is_heading

    from {{ not_in_pairs('unnamed', 'paired') }}

),

{# A heading that came where there was none, or went, changes no criterion; one in the place of another does. #}
items_alone_judged as (

    select
        *,
        is_heading
        and min(if(is_heading, side, null)) over (partition by pair_number)
        = max(if(is_heading, side, null)) over (partition by pair_number) as is_heading_alone

    from items_alone

),

items_changed as (

    select
        items.pair_number,
        items.kind,
        items.item_number,
        fields.path,
        if(fields.is_shown, items.said[1].value, null) as item,
        case
            when items.kind in ('OUTCOME', 'CRITERION', 'REFERENCE') then items.said[2].value
            when items.kind = 'SITE' then items.said[3].value
        end as part,
        if(items.side = 'WAS', 'REMOVED', 'ADDED') as change_type,
        if(fields.is_shown and items.side = 'WAS', items.wording, null) as before_value,
        if(fields.is_shown and items.side = 'NOW', items.wording, null) as after_value,
        false as needs_review,
        case
            when items.is_heading_alone or (items.kind = 'REFERENCE' and part = 'DERIVED') then 'CHURN'
            when items.kind = 'OUTCOME' then if(part = 'PRIMARY', 'MAJOR', 'MINOR')
            else fields.materiality
        end as materiality,
        case
            when items.is_heading_alone then 'MARKUP'
            when items.kind = 'REFERENCE' and part = 'DERIVED' then 'DERIVED'
        end as churn_class

    from items_alone_judged as items
    inner join {{ ref('dim_compared_fields').include(database=false) }} as fields
        on items.kind = fields.kind and fields.field is null

),

{# Of items of one role or section that both contents have: whether they come in another order. #}
orders_compared as (

    select
        pair_number,
        kind,
        row_number() over (of_kind order by was_number) as was_place,
        row_number() over (of_kind order by now_number) as now_place

    from (
        select * from paired_as_equal
        union all by name
        select
            pair_number,
            kind,
            was_number,
            now_number

        from paired
    )
    where kind <> 'TRIAL' and was_number // 100000 = now_number // 100000
    window of_kind as (partition by pair_number, kind)

),

orders_changed as (

    select
        orders.pair_number,
        orders.kind,
        0 as item_number,
        fields.path,
        'REORDERED' as change_type,
        false as needs_review,
        'CHURN' as materiality,
        'ORDER' as churn_class

    from (
        select distinct
            pair_number,
            kind

        from orders_compared
        where was_place <> now_place
    ) as orders
    inner join {{ ref('dim_compared_fields').include(database=false) }} as fields
        on orders.kind = fields.kind and fields.field is null

),

dates_given as (

    select
        pair_number,
        side,
        unnest([
            {%- for field in ['start_date', 'primary_completion_date', 'completion_date'] %}
            {
                'field': '{{ field }}',
                'text': {{ field }}_text,
                'type': {{ field }}_type,
                'first_day': {{ field }},
                'last_day': {{ field }}_last_day
            }{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as given

    from contents

),

dates_changed as (

    select
        was.pair_number,
        'DATE' as kind,
        0 as item_number,
        was.given.field as field,
        fields.path,
        was.given.field as item,
        {{ date_change('was.given', 'now.given') }} as change_type,
        concat_ws(' ', was.given.text, was.given.type) as before_value,
        concat_ws(' ', now.given.text, now.given.type) as after_value,
        case
            when change_type in ('MOVED_EARLIER', 'MOVED_LATER') then date_diff('day', was.given.last_day, now.given.last_day)
            when change_type = 'REALISED' then {{ days_realised('was.given', 'now.given') }}
        end as days_moved,
        false as needs_review,
        fields.materiality

    from dates_given as was
    inner join dates_given as now
        on
            was.pair_number = now.pair_number
            and was.given.field = now.given.field
    inner join {{ ref('dim_compared_fields').include(database=false) }} as fields
        on fields.kind = 'DATE' and was.given.field = fields.field
    where
        was.side = 'WAS'
        and now.side = 'NOW'
        and (was.given.text, was.given.type) is distinct from (now.given.text, now.given.type)

),

found as (

    select * from fields_changed
    union all by name
    select * from items_changed
    union all by name
    select * from orders_changed
    union all by name
    select * from dates_changed

),

{# What the criteria say otherwise is told one by one; a text whose criteria are all the same is one change. #}
criteria_texts as (

    select * from fields_changed
    where kind = 'TRIAL' and field = 'eligibility_criteria'

),

criteria_found as (

    select found.*
    from found
    anti join criteria_texts as texts
        on
            found.pair_number = texts.pair_number
            and texts.materiality = 'CHURN'
    where found.kind = 'CRITERION'

),

criteria_texts_found as (

    select texts.* replace (
        'REWRITTEN' as change_type,
        'CHURN' as materiality,
        coalesce(texts.churn_class, 'MARKUP') as churn_class
    )
    from criteria_texts as texts
    anti join criteria_found
        on texts.pair_number = criteria_found.pair_number

),

told as (

    select * from found
    where kind <> 'CRITERION' and not (kind = 'TRIAL' and field = 'eligibility_criteria')
    union all by name
    select * from criteria_found
    union all by name
    select * from criteria_texts_found

),

{# Records differ in what our type of a record does not know: raw has it, and the registry's drift tells of it. #}
untold as (

    select
        pairs.pair_number,
        'TRIAL' as kind,
        0 as item_number,
        'UNTYPED' as change_type,
        false as needs_review,
        'CHURN' as materiality,
        'UNTYPED' as churn_class

    from pairs_numbered as pairs
    anti join told on pairs.pair_number = told.pair_number

),

all_told as (

    select * from told
    union all by name
    select * from untold

),

changes as (

    select
        pairs.nct_id,
        pairs.from_content_hash,
        pairs.to_content_hash,
        row_number() over (
            partition by all_told.pair_number
            order by
                list_position(['MAJOR', 'MINOR', 'ADMINISTRATIVE', 'CHURN'], materiality),
                kind, field nulls first, change_type, item_number, item, before_value, after_value
        ) as change_number,
        all_told.materiality,
        all_told.kind,
        all_told.field,
        all_told.change_type,
        all_told.item,
        all_told.part,
        all_told.before_value,
        all_told.after_value,
        all_told.days_moved,
        all_told.similarity,
        all_told.needs_review,
        all_told.churn_class,
        all_told.path

    from all_told
    inner join pairs_numbered as pairs on all_told.pair_number = pairs.pair_number

)
{%- endmacro %}

{#- The items of one side that are in no pair of `paired`. -#}
{% macro not_in_pairs(items, paired) -%}
(
        select items.*
        from {{ items }} as items
        anti join (
            select pair_number, kind, 'WAS' as side, was_number as item_number
            from {{ paired }}
            union all
            select pair_number, kind, 'NOW' as side, now_number as item_number
            from {{ paired }}
        ) as paired
            on
                items.pair_number = paired.pair_number
                and items.kind = paired.kind
                and items.side = paired.side
                and items.item_number = paired.item_number
    )
{%- endmacro %}
