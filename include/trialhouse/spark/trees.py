"""Small things to say about and to build SQL as sqlglot's trees."""

from collections.abc import Callable, Iterator

from sqlglot import exp


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A function of Spark's by its name."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def number(value: int) -> exp.Expr:
    """A whole number; a negative one is a literal with a sign."""
    return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))


def text(value: str) -> exp.Expr:
    """A literal text."""
    return exp.Literal.string(value)


def is_null(value: exp.Expr) -> exp.Expr:
    """`value is null`."""
    return exp.Is(this=value.copy(), expression=exp.null())


def item_field(name: str) -> exp.Expr:
    """`one -> one.name`."""
    one = exp.Dot(this=exp.to_identifier("one"), expression=exp.to_identifier(name, quoted=True))
    return exp.Lambda(this=one, expressions=[exp.to_identifier("one")])


def from_within(tree: exp.Query, rule: Callable[[exp.Expr], exp.Expr]) -> exp.Query:
    """Every node by the rule, those inside others first."""
    for node in reversed(list(tree.dfs())):
        new = rule(node)
        if new is not node and node is not tree:
            node.replace(new)
    return tree


def selected(select: exp.Select) -> Iterator[exp.Expr]:
    """The nodes of a select list, without those of queries within."""
    waiting = list(select.expressions)
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in node.iter_expressions() if not isinstance(child, exp.Query)]


def all_but(columns: list[str], table: str | None = None) -> exp.Expr:
    """`* except (columns)`."""
    star = exp.Star(except_=[exp.to_identifier(column) for column in columns])
    return exp.Column(this=star, table=exp.to_identifier(table)) if table else star


def leave_out(star: exp.Star, columns: list[str]) -> None:
    """Add to what a star leaves out."""
    left_out = star.args.get("except_") or []
    star.set("except_", [*left_out, *(exp.to_identifier(column) for column in columns)])
