"""Functions that are called otherwise in Spark, or that differ at nulls and beyond ASCII."""

from collections.abc import Callable

from sqlglot import exp

from trialhouse.spark.trees import call, from_within, item_field, number, text

Rule = Callable[..., exp.Expr]


def _has_all(listed: exp.Expr, wanted: exp.Expr) -> exp.Expr:
    return exp.EQ(this=exp.ArraySize(this=call("array_except", wanted, listed)), expression=number(0))


def _where(listed: exp.Expr, mask: exp.Expr) -> exp.Expr:
    pairs = call("arrays_zip", call("coalesce", listed), call("coalesce", mask))
    return call("transform", call("filter", pairs, item_field("1")), item_field("0"))


def _reduce(listed: exp.Expr, merge: exp.Expr) -> exp.Expr:
    """Begins with the first item, which Spark wants to be told."""
    others = exp.Sub(this=exp.ArraySize(this=listed.copy()), expression=number(1))
    rest = call("slice", listed, number(2), call("greatest", others, number(0)))
    return call("reduce", rest, call("get", listed.copy(), number(0)), merge)


def _md5_number_lower(value: exp.Expr) -> exp.Expr:
    """The last eight bytes of the digest, the lowest first."""
    digits = [call("substring", call("md5", value.copy()), number(at), number(2)) for at in range(31, 16, -2)]
    whole = call("conv", call("concat", *digits), number(16), number(10))
    return exp.Cast(this=whole, to=exp.DataType.build("decimal(20,0)", dialect="spark"))


BY_NAME: dict[str, Rule] = {
    "arg_max_null": lambda value, by: call("max_by", value, by),
    # No batch is begun there: Spark parts a table by itself.
    "getvariable": lambda _: exp.null(),
    "list_has_all": _has_all,
    "list_intersect": lambda one, other: call("array_intersect", one, other),
    "list_last": lambda listed: call("try_element_at", listed, number(-1)),
    "list_position": lambda listed, item: call("nullif", call("array_position", listed, item), number(0)),
    "list_reduce": _reduce,
    "list_where": _where,
    "md5_number_lower": _md5_number_lower,
    "to_json": lambda value: call("to_json", value, call("map", text("ignoreNullFields"), text("false"))),
}


def functions(tree: exp.Query) -> exp.Query:
    """Spark's functions for DuckDB's."""
    return from_within(tree, _rule)


def _rule(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Anonymous):
        rule = BY_NAME.get(node.name.lower())
        return rule(*node.expressions) if rule else node
    if isinstance(node, exp.IgnoreNulls) and isinstance(node.this, exp.Anonymous):
        return node.this if node.this.name == "any_value" else node
    rule = BY_TYPE.get(type(node))
    return rule(node) if rule else node


def _concat(node: exp.Expr) -> exp.Expr:
    """A list that is null adds nothing."""
    lists = [node.this, *node.expressions]
    return call("concat", *(call("coalesce", listed, exp.Array(expressions=[])) for listed in lists))


def _lower(node: exp.Expr) -> exp.Expr:
    """Java lowers a dotted İ to two characters and a last Σ to ς; simple case mapping knows neither."""
    return call("lower", call("translate", node.this, text("İΣ"), text("iσ")))  # noqa: RUF001


def _divided(node: exp.Expr) -> exp.Expr:
    """Spark divides decimals to a decimal of few places; DuckDB's division is of doubles."""
    node.set("this", exp.Cast(this=node.this.copy(), to=exp.DataType.build("double")))
    return node


def _first_or_last(node: exp.Expr) -> exp.Expr:
    if not isinstance(node.this, exp.Order):
        return node
    (key,) = node.this.expressions
    is_least = isinstance(node, exp.First) != bool(key.args.get("desc"))
    return call("min_by" if is_least else "max_by", node.this.this, key.this)


BY_TYPE: dict[type[exp.Expr], Rule] = {
    exp.AnyValue: lambda node: call("any_value", node.this, exp.true()),
    exp.ArrayConcat: _concat,
    exp.ArrayDistinct: lambda node: call("array_distinct", call("array_compact", node.this)),
    exp.ArrayOverlaps: lambda node: call("arrays_overlap", node.this, node.expression),
    exp.Div: _divided,
    exp.First: _first_or_last,
    exp.Last: _first_or_last,
    exp.Lower: _lower,
}
