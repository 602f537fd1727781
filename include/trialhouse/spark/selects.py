"""What a select may say in DuckDB and not in Spark: its own names in windows, ASOF, QUALIFY, * REPLACE."""

from sqlglot import exp

from trialhouse.spark.lists import is_subscripts, is_unnest
from trialhouse.spark.trees import all_but, is_null, leave_out, selected

# A name may stand for an expression that has such names itself.
DEPTH_OF_NAMES = 5


def inlined_aliases(tree: exp.Query) -> exp.Query:
    """A select list's own name where Spark does not know it: in windows, lists made rows, conditions."""
    for select in list(tree.find_all(exp.Select)):
        named = {made.alias: made.this for made in select.expressions if _is_own_name(made)}
        places = [
            n for n in selected(select) if isinstance(n, exp.Window) or is_unnest(n) or is_subscripts(n)
        ]
        places += [select.args["where"]] if select.args.get("where") else []
        for _ in range(DEPTH_OF_NAMES if named else 0):
            for place in places:
                _write_out(select, place, named)
    return tree


def _is_own_name(made: exp.Expr) -> bool:
    """Whether a select list gives a name of its own: made of a column so called, it stays the column's."""
    return isinstance(made, exp.Alias) and not any(
        column.name == made.alias and not column.table for column in made.this.find_all(exp.Column)
    )


def _write_out(select: exp.Select, place: exp.Expr, named: dict[str, exp.Expr]) -> None:
    for column in list(place.find_all(exp.Column)):
        expression = named.get(column.name) if not column.table else None
        if expression is None or column.find_ancestor(exp.Select) is not select:
            continue
        if not any(column is node for node in expression.walk()):
            column.replace(exp.paren(expression.copy()))


def asof_joins(tree: exp.Query) -> exp.Query:
    """`asof join b on k = k and a.at >= b.since`: a row of b lasts until the next of its key."""
    for join in list(tree.find_all(exp.Join)):
        if join.args.get("method") == "ASOF":
            join.set("method", None)
            _join_until_next(join)
    return tree


def _join_until_next(join: exp.Join) -> None:
    other, conditions = join.this.alias_or_name, list(_conditions(join.args["on"]))
    keys = [_side(equal, other).name for equal in conditions if isinstance(equal, exp.EQ)]
    (later,) = [condition for condition in conditions if not isinstance(condition, exp.EQ)]
    since = _side(later, other)
    at = later.expression if since is later.this else later.this
    # `at >= since` and `since <= at` look back, to the newest row before.
    looks_back = isinstance(later, exp.GTE | exp.GT) == (since is later.expression)
    next_row = exp.Window(
        this=exp.Lead(this=exp.column(since.name)),
        partition_by=[exp.column(key) for key in keys],
        order=exp.Order(expressions=[exp.Ordered(this=exp.column(since.name), desc=not looks_back)]),
    )
    followed = exp.select("*", exp.alias_(next_row, "followed_at")).from_(join.this.copy())
    join.set("this", followed.where(exp.not_(is_null(exp.column(since.name)))).subquery(other))
    follower = exp.column("followed_at", table=other)
    is_not_followed = _compared(later, looks_back=looks_back)(this=at.copy(), expression=follower.copy())
    join.set("on", exp.and_(*conditions, exp.or_(is_null(follower), is_not_followed)))


def _conditions(on: exp.Expr) -> list[exp.Expr]:
    return list(on.flatten()) if isinstance(on, exp.And) else [on]


def _side(condition: exp.Expr, table: str) -> exp.Expr:
    """The side of a comparison that is a column of the table."""
    sides = (condition.this, condition.expression)
    return next(side for side in sides if isinstance(side, exp.Column) and side.table == table)


def _compared(later: exp.Expr, *, looks_back: bool) -> type[exp.Binary]:
    """How the time asked for compares with the row after the one found."""
    if isinstance(later, exp.GT | exp.LT):
        return exp.LTE if looks_back else exp.GTE
    return exp.LT if looks_back else exp.GT


def plain_windows(tree: exp.Query) -> exp.Query:
    """Named windows written out; those that look at one row take no frame, and want an order."""
    for select in list(tree.find_all(exp.Select)):
        named = {window.this.name: window for window in select.args.get("windows") or []}
        for window in list(select.find_all(exp.Window)):
            if window.find_ancestor(exp.Select) is select and window not in named.values():
                _plain_window(window, named)
        select.set("windows", None)
    return tree


def _plain_window(window: exp.Window, named: dict[str, exp.Window]) -> None:
    definition = named.get(window.alias)
    if definition is not None:
        for part in ("partition_by", "order", "spec"):
            value = definition.copy().args.get(part)
            window.set(part, value)
        window.set("alias", None)
        window.set("over", "OVER")
    measured = window.this.this if isinstance(window.this, exp.IgnoreNulls) else window.this
    if isinstance(measured, exp.Lag | exp.Lead | exp.RowNumber | exp.DenseRank | exp.Rank):
        window.set("spec", None)
        if not window.args.get("order"):
            window.set("order", exp.Order(expressions=[exp.Ordered(this=exp.null())]))


def replaced_columns(tree: exp.Query) -> exp.Query:
    """`* replace (x as y)`: all but y, then x as y."""
    for star in list(tree.find_all(exp.Star)):
        replaced = star.args.get("replace")
        if replaced:
            leave_out(star, [made.alias for made in replaced])
            star.set("replace", None)
            listed = star.parent if isinstance(star.parent, exp.Column) else star
            select = listed.find_ancestor(exp.Select)
            assert select is not None, "a star is in a select list"
            place = select.expressions.index(listed) + 1
            after = select.expressions[place:]
            select.set("expressions", [*select.expressions[:place], *replaced, *after])
    return tree


def qualified_rows(tree: exp.Query) -> exp.Query:
    """QUALIFY as a condition on a query within, of which only the columns asked for come out."""
    for select in list(tree.find_all(exp.Select)):
        qualify = select.args.get("qualify")
        if qualify:
            new = _qualified(select, exp.Paren(this=qualify.this.copy()))
            if select is tree:
                tree = new
            else:
                select.replace(new)
    return tree


def _qualified(select: exp.Select, condition: exp.Paren) -> exp.Select:
    windows = [node for node in condition.find_all(exp.Window) if not node.find_ancestor(exp.Window)]
    columns = [node for node in condition.find_all(exp.Column) if not node.find_ancestor(exp.Window)]
    measured = []
    for place, node in enumerate([*windows, *columns], 1):
        measured.append(exp.alias_(node.copy(), f"measured_{place}"))
        node.replace(exp.column(f"measured_{place}"))
    rows = select.copy()
    rows.set("qualify", None)
    named_before = rows.args.pop("with_", None)
    rows.set("expressions", [*rows.expressions, *measured])
    asked = all_but([column.alias for column in measured])
    new = exp.Select(expressions=[asked]).from_(rows.subquery("rows_measured")).where(condition.this)
    if named_before:
        new.set("with_", named_before)
    return new
