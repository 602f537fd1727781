"""UNION ALL BY NAME, which Spark's SQL has not: the columns are written out."""

from collections.abc import Callable

from sqlglot import exp


def unions_by_name(query: exp.Query, columns_of: Callable[[str], list[str]]) -> exp.Query:
    """Both sides list the columns of both, null where a side has none; the engine tells which there are."""
    while union := _next_union(query):
        sides = (union.this, union.expression)
        columns = [columns_of(_in_place(union, side).sql("spark")) for side in sides]
        names = list(dict.fromkeys([*columns[0], *columns[1]]))
        for side, own in zip(sides, columns, strict=True):
            side.replace(
                exp.select(*(_column(name, own) for name in names)).from_(side.copy().subquery("side"))
            )
        union.set("by_name", False)
    return query


def with_before(query: exp.Query, named_before: list[exp.Expr]) -> exp.Query:
    """A query with what is defined before it."""
    alone = query.copy()
    own = alone.args.get("with_")
    named = [cte.copy() for cte in named_before] + (own.expressions if own else [])
    if named:
        alone.set("with_", exp.With(expressions=named))
    return alone


def _next_union(query: exp.Query) -> exp.Union | None:
    """A union by name with no other within it or defined before it."""
    for union in query.find_all(exp.Union):
        if union.args.get("by_name") and not any(
            other.args.get("by_name")
            for side in (union.this, union.expression)
            for other in _in_place(union, side).find_all(exp.Union)
        ):
            return union
    return None


def _in_place(union: exp.Union, side: exp.Query) -> exp.Query:
    """A side as a query of its own, with what is defined before it all the way out."""
    named_before: list[exp.Expr] = []
    inside: exp.Expr | None = union
    while inside is not None:
        named = inside.args.get("with_")
        if named:
            named_before = [*_before(named, union), *named_before]
        inside = inside.parent
    return with_before(side, named_before)


def _before(named: exp.With, union: exp.Union) -> list[exp.Expr]:
    before: list[exp.Expr] = []
    for cte in named.expressions:
        if any(node is union for node in cte.walk()):
            break
        before.append(cte)
    return before


def _column(name: str, own: list[str]) -> exp.Expr:
    return exp.column(name, quoted=True) if name in own else exp.alias_(exp.null(), name, quoted=True)
