"""Lists: rows made of them, places in them, maps."""

from sqlglot import exp

from trialhouse.spark.trees import call, from_within, leave_out, number, selected, text


def list_rows(tree: exp.Query) -> exp.Query:
    """`unnest` and `generate_subscripts` in a select list as a lateral view."""
    for position, select in enumerate(list(tree.find_all(exp.Select)), 1):
        found = [node for node in selected(select) if is_unnest(node) or is_subscripts(node)]
        if found:
            _add_view(select, found, f"each_{position}")
    return tree


def is_unnest(node: exp.Expr) -> bool:
    """Whether a node of a select list makes rows of a list."""
    return isinstance(node, exp.Unnest | exp.Explode)


def is_subscripts(node: exp.Expr) -> bool:
    """Whether a node of a select list numbers the rows of a list."""
    return isinstance(node, exp.Anonymous) and node.name.lower() == "generate_subscripts"


def _list_of(node: exp.Expr) -> exp.Expr:
    listed: exp.Expr = node.this if isinstance(node, exp.Explode) else node.expressions[0]
    return listed


def _add_view(select: exp.Select, found: list[exp.Expr], name: str) -> None:
    lists = {_list_of(node).sql("duckdb"): _list_of(node).copy() for node in found}
    numbers = {written: place for place, written in enumerate(lists)}
    for node in found:
        place = numbers[_list_of(node).sql("duckdb")] if len(lists) > 1 else None
        node.replace(_item(select, node, name, place) if is_unnest(node) else _number(name))
    for star in select.expressions:
        if isinstance(star, exp.Star):
            leave_out(star, [f"{name}_at", f"{name}_item"])
    # Of a bare column the zipped field would have its name; of an expression it has its number.
    zipped = call("arrays_zip", *(call("coalesce", listed) for listed in lists.values()))
    columns = [exp.to_identifier(f"{name}_at"), exp.to_identifier(f"{name}_item")]
    view = exp.Lateral(
        this=call("posexplode", zipped if len(lists) > 1 else next(iter(lists.values()))),
        view=True,
        alias=exp.TableAlias(this=exp.to_identifier(name), columns=columns),
    )
    select.set("laterals", [*(select.args.get("laterals") or []), view])


def _item(select: exp.Select, node: exp.Expr, name: str, place: int | None) -> exp.Expr:
    item: exp.Expr = exp.column(f"{name}_item")
    if place is not None:
        item = exp.Dot(this=item, expression=exp.to_identifier(str(place), quoted=True))
    return exp.alias_(item, "unnest") if node.parent is select else item


def _number(name: str) -> exp.Expr:
    return exp.paren(exp.Add(this=exp.column(f"{name}_at"), expression=number(1)))


def slices(tree: exp.Query) -> exp.Query:
    """`x[a:b]` and `x[-1]`; sqlglot has counted single places from 0 already."""

    def rule(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Bracket) or len(node.expressions) != 1:
            return node
        (at,) = node.expressions
        if isinstance(at, exp.Slice):
            return call("slice", node.this, at.this or number(1), _length(node.this, at))
        if isinstance(at, exp.Neg) and isinstance(at.this, exp.Literal):
            return call("try_element_at", node.this, number(1 - int(at.this.name)))
        return node

    return from_within(tree, rule)


def _length(listed: exp.Expr, at: exp.Slice) -> exp.Expr:
    """How many items a slice has, which may be none; an end from the end is counted in."""
    end = at.expression
    size = exp.ArraySize(this=listed.copy())
    if end is None:
        return size
    if isinstance(end, exp.Neg):
        return call("greatest", exp.Sub(this=size, expression=exp.paren(_minus_one(end.this))), number(0))
    start = exp.paren(_minus_one(at.this or number(1)))
    return call("greatest", exp.Sub(this=exp.paren(end.copy()), expression=start), number(0))


def _minus_one(value: exp.Expr) -> exp.Expr:
    return exp.Sub(this=exp.paren(value.copy()), expression=number(1))


def maps(tree: exp.Query) -> exp.Query:
    """`map {'a': 'b'}`; a place asked of it at once binds closer for sqlglot than the map."""

    def rule(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.ToMap):
            return node
        if isinstance(node.this, exp.Bracket):
            asked = node.this
            asked.set("this", _map(asked.this))
            return asked
        return _map(node.this)

    return from_within(tree, rule)


def _map(struct: exp.Expr) -> exp.Expr:
    pairs: list[exp.Expr] = []
    for item in struct.expressions:
        key = item.this
        pairs += [text(key.name) if isinstance(key, exp.Identifier) else key.copy(), item.expression.copy()]
    return call("map", *pairs)


def lambdas(tree: exp.Query) -> exp.Query:
    """A lambda's second name, the place of an item, counts from 1 in DuckDB and from 0 in Spark."""
    for node in list(tree.find_all(exp.ArrayFilter, exp.Transform)):
        made = node.expression
        if isinstance(made, exp.Lambda) and len(made.expressions) == 2:
            place = made.expressions[1].name
            for found in list(made.this.find_all(exp.Identifier)):
                if found.name == place and not isinstance(found.parent, exp.Dot):
                    named = found.parent if isinstance(found.parent, exp.Column) else found
                    named.replace(exp.paren(exp.Add(this=exp.to_identifier(place), expression=number(1))))
    return tree
