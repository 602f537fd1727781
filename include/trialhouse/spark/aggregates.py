"""Aggregates that keep an order, pass over nulls, or are filtered."""

from sqlglot import exp

from trialhouse.spark.trees import call, is_null, item_field, number, text


def extremes(tree: exp.Query) -> exp.Query:
    """`arg_max` and `arg_min` pass over rows whose value is null; with a count, and `max(x, n)`, lists."""
    for node in list(tree.find_all(exp.ArgMax, exp.ArgMin, exp.Max, exp.Min)):
        is_greatest = isinstance(node, exp.ArgMax | exp.Max)
        has_key = isinstance(node, exp.ArgMax | exp.ArgMin)
        count = node.args.get("count") or next(iter(node.args.get("expressions") or []), None)
        key = node.expression if has_key else node.this
        if count is not None:
            ordered = exp.Ordered(this=key.copy(), desc=is_greatest)
            listed = exp.ArrayAgg(this=exp.Order(this=node.this.copy(), expressions=[ordered]))
            are_known = exp.Where(this=exp.and_(exp.not_(is_null(node.this)), exp.not_(is_null(key))))
            node.replace(
                call("slice", exp.Filter(this=listed, expression=are_known), number(1), count.copy())
            )
        elif has_key:
            known = exp.case().when(exp.not_(is_null(node.this)), key.copy())
            node.replace(call("max_by" if is_greatest else "min_by", node.this.copy(), known))
    return tree


def ordered_lists(tree: exp.Query) -> exp.Query:
    """`list(x order by k)`, `string_agg`: `collect_list` keeps no order and no nulls: structs are sorted."""
    for node in list(tree.find_all(exp.ArrayAgg, exp.GroupConcat)):
        value, keys, is_distinct = _aggregated(node)
        fields = [exp.alias_(value.copy(), "value")]
        fields += [exp.alias_(key.this.copy(), f"key_{place}") for place, key in enumerate(keys)]
        collect = call("collect_set" if is_distinct else "collect_list", call("struct", *fields))
        whole, collected = _with_its_rows(node, collect)
        in_order = call("array_sort", collected.copy(), _comparator(keys)) if keys else collected.copy()
        made = call("transform", in_order, item_field("value"))
        if isinstance(node, exp.GroupConcat):
            made = call("array_join", call("array_compact", made), node.args.get("separator") or text(","))
        whole.replace(exp.case().when(exp.GT(this=call("size", collected), expression=number(0)), made))
    return tree


def _aggregated(node: exp.Expr) -> tuple[exp.Expr, list[exp.Ordered], bool]:
    """What is listed, in which order, and whether each but once."""
    value, keys, is_distinct = node.this, [], False
    while isinstance(value, exp.Order | exp.Distinct):
        if isinstance(value, exp.Order):
            keys, value = value.expressions, value.this
        else:
            is_distinct, (value,) = True, value.expressions
    return value, keys, is_distinct


def _with_its_rows(node: exp.Expr, collect: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """The aggregate with its filter and its window: what to replace, and the same of `collect`."""
    whole = node
    if isinstance(whole.parent, exp.Filter):
        whole = whole.parent
        collect = exp.Filter(this=collect, expression=whole.expression.copy())
    if isinstance(whole.parent, exp.Window) and whole.arg_key == "this":
        whole = whole.parent
        window = whole.copy()
        window.set("this", collect)
        collect = window
    return whole, collect


def _comparator(keys: list[exp.Ordered]) -> exp.Expr:
    """Which of two rows comes first: nulls last, whichever way a key goes."""
    case = exp.case()
    for place, key in enumerate(keys):
        left, right = (
            exp.Dot(this=exp.to_identifier(side), expression=exp.to_identifier(f"key_{place}"))
            for side in ("l", "r")
        )
        first, last = (right, left) if key.args.get("desc") else (left, right)
        case = case.when(_stands_before(exp.LT, first, last, left, right), number(-1))
        case = case.when(_stands_before(exp.GT, first, last, right, left), number(1))
    return exp.Lambda(
        this=case.else_(number(0)), expressions=[exp.to_identifier("l"), exp.to_identifier("r")]
    )


def _stands_before(
    compared: type[exp.Binary],
    first: exp.Expr,
    last: exp.Expr,
    one: exp.Expr,
    other: exp.Expr,
) -> exp.Expr:
    is_by_value = compared(this=first.copy(), expression=last.copy())
    is_by_null = exp.and_(is_null(other), exp.not_(is_null(one)))
    return exp.func("coalesce", exp.or_(is_by_value, is_by_null), exp.false())


def filtered_windows(tree: exp.Query) -> exp.Query:
    """`max(x) filter (where c) over w`: Spark's windows take no filter."""
    for window in list(tree.find_all(exp.Window)):
        if isinstance(window.this, exp.Filter):
            aggregate, condition = window.this.this, window.this.expression.this
            counts_rows = aggregate.this is None or isinstance(aggregate.this, exp.Star)
            value = number(1) if counts_rows else aggregate.this.copy()
            aggregate.set("this", exp.case().when(condition.copy(), value))
            window.set("this", aggregate)
    return tree
