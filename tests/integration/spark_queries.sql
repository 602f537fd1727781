-- What both engines are asked (`test_spark_dialect.py`); each query stands below its name. `given` is a few rows.

-- an item and its number
select k, unnest([k, 'é']) as item, generate_subscripts([k, 'é'], 1) as at from given

-- two lists side by side
select unnest([1, 2]) as one, unnest(['x', 'y']) as other

-- items beside all columns
select *, unnest([1, 2]) as item from given

-- a list of the select's own
select [n, 7] as listed, unnest(listed) as item from given

-- its own name in a window
select k || '!' as name, count(*) over (partition by name) as names from given

-- its own name in a condition
select n + 1 as next, k from given where next = 2

-- asof, looking back
select a.n, b.v from (values (0), (2), (9)) as a (n)
asof left join (values (1, 'one'), (3, 'three')) as b (since, v) on a.n >= b.since

-- asof, looking back by key
select a.n, b.v from (values ('a', 2), ('b', 2)) as a (k, n)
asof left join (values ('a', 1, 'one'), ('a', 2, 'two'), ('b', 3, 'three')) as b (k, since, v)
    on a.k = b.k and a.n > b.since

-- asof, looking ahead
select a.n, b.v from (values (0), (2), (9)) as a (n)
asof left join (values (1, 'one'), (3, 'three')) as b (since, v) on a.n <= b.since

-- qualify with all columns
select * from given qualify row_number() over (partition by k order by n) = 1

-- qualify by a column left out
select k from given qualify n > min(n) over (partition by k)

-- replace
select * replace (k || k as k) from given

-- union by name
select 1 as a, 2 as b union all by name select 3 as b, 4 as c

-- union by name of what is named before
with one as (select 1 as a), two as (select 2 as b), all_named as (from one union all by name from two)
select * from all_named union all by name select 5 as b

-- a query worked out once
with one as materialized (select k from given) select a.k from one as a join one on a.k = one.k

-- a named window, a lag
select k, n, lag(n) over w as before, max(n) over w as most from given
window w as (partition by k order by n rows between unbounded preceding and current row)

-- a filtered window
select k, n, max(n) filter (v is null) over (partition by k) as most from given

-- a list in order, nulls kept
select k, list(v order by n desc) as vs from given group by k

-- a list of none
select k, list(v) filter (n > 9) as vs from given group by k

-- texts joined in order
select k, string_agg(v, '; ' order by n desc) as vs from given group by k

-- arg_max passes over nulls
select k, arg_max(v, n) as v, arg_min(v, n) as w from given group by k

-- the two greatest
select k, max(n, 2) as ns, arg_min(v, n, 2) as vs from given group by k

-- first of an order
select k, first(v order by n) as one, last(v order by n) as other from given where n > 0 group by k

-- any value
select k, any_value(v) filter (n > 1) as v from given group by k

-- word boundaries
select regexp_replace('10 µM of 5mM x_M', '([0-9] ?[mnpµ]?)M\b', '\1 molar', 'g') as a,
    regexp_matches('über', '\bber') as b,
    regexp_matches('ab', 'a\Bb') as c

-- the end of a text
select regexp_matches(E'a\n', 'a$') as a,
    regexp_matches(E'a\nb', '(?m)a$') as b,
    regexp_replace(E'a \nb \n', '(?m)[ \t]+$|\s+\z', '', 'g') as c,
    regexp_matches(E'x\ny', '(?m)^y') as d

-- any case beyond ASCII
select regexp_matches('ÄRZTE', '(?i)ärzte') as a,
    regexp_full_match('ab', 'a|ab') as b

-- a dot and line ends
select regexp_extract(E'a\rb', 'a.b') as a,
    regexp_extract(E'a\nb', 'a.b') as b

-- classes
select regexp_replace('a[b]&&c', '[\[\]&]', '-', 'g') as a,
    regexp_replace('a]b', '[]]', '-', 'g') as b,
    regexp_replace('x y', '[[:space:]]', '_', 'g') as c,
    regexp_matches('é', '[\pL\pN]') as d

-- the first alone
select regexp_replace('a1b2', '([0-9])', '<\1>') as a,
    regexp_replace('cost', 's', '$') as b

-- parts by name
select regexp_extract('12)', '([0-9]+)(.)', ['digits', 'mark']) as a,
    regexp_extract_all('ab cd', '([a-z])[a-z]', 1) as b,
    regexp_extract('x', '[0-9]+') as c

-- a pattern of two pieces
select regexp_matches('ab', 'a' || chr(98)) as a

-- places from the end, slices
select [1, 2, 3][-1] as a, [1, 2, 3][1] as b, [1, 2, 3][:2] as c, [1, 2, 3][:-2] as d, [1, 2, 3][2:] as e, [1][1:0] as f, [1, 2][5] as g

-- maps
select map {'a': 'x', 'b': 'y'}['b'] as a, map {'a': 'x'}['c'] as b

-- the place of an item
select list_filter([5, 6, 7], lambda x, i: i > 1) as a,
    list_transform([5, 6], lambda x, i: x * i) as b

-- lists
select list_has_all([1, 2], [2]) as a,
    list_intersect([1, 2], [2, 3]) as b,
    list_last([1, 2]) as c,
    list_position(['x', 'y'], 'y') as d,
    list_where([1, 2, 3], [true, false, true]) as e,
    list_reduce([1, 2, 3], lambda a, b: a * 10 + b) as f,
    list_has_any([1], [1, 2]) as g,
    list_concat([1], null, [2]) as h,
    list_sort(list_distinct(['b', null, 'a', 'b'])) as i, len([1, 2]) as j

-- keys
select md5_number_lower('abc')::varchar as a, md5_number_lower('')::varchar as b

-- json
select to_json({'a': null, 'b': ['x', 'é"\'], 'c': {'d': true}})::varchar as a

-- lower case
select lower('İZMİR ΣΑΣ ÄÖ') as a

-- unicode composed
select nfc_normalize('e' || chr(769)) as a

-- days between
select date_diff('day', date '2024-02-28', date '2024-03-01') as a, cast(date '2024-01-31' + interval 1 month as date)::varchar as b

-- division
select 1.0 / 24 as a, 1 / 3 as b, 7 // 2 as c, 365.25 / 12 as d, 0.5 * 3 as e, 2 / 4.0 + 1 as f

-- a batch that is not begun
select k from given where k between coalesce(getvariable('first_nct_id'), '') and coalesce(getvariable('last'), '~')
