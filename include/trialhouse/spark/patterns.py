"""Regular expressions: the models' are RE2's, Spark's are Java's."""

import re

from sqlglot import exp

from trialhouse.spark.trees import call, from_within, number, text

WORD_BOUNDARY = r"(?:(?<=\w)(?!\w)|(?<!\w)(?=\w))"
NO_WORD_BOUNDARY = r"(?:(?<=\w)(?=\w)|(?<!\w)(?!\w))"
CLASSES = {
    "[:alnum:]": r"\p{Alnum}",
    "[:alpha:]": r"\p{Alpha}",
    "[:digit:]": r"\p{Digit}",
    "[:punct:]": r"\p{Punct}",
    "[:space:]": r"\s",
}
# What an expression is made of: a class in brackets, an escape, or one sign.
PIECES = re.compile(r"\[\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]|\\.|.", re.DOTALL)
PIECES_OF_A_CLASS = re.compile(r"\[:\w+:\]|\\.|&&|.", re.DOTALL)


def java_pattern(pattern: str) -> str:
    r"""RE2's expression as Java's: `\b` knows ASCII alone, `$` is the very end, only "\n" ends a line.

    `(?i)` folds case beyond ASCII, as RE2's does. Flags stand at the beginning, one of `(?i)` and `(?m)`.
    """
    flags, body = pattern[:4], pattern[4:]
    if flags not in ("(?i)", "(?m)"):
        flags, body = "", pattern
    line_ends = {"$": r"(?=\n|\z)", "^": r"(?<=\A|\n)"} if flags == "(?m)" else {"$": r"\z"}
    pieces = {**line_ends, r"\b": WORD_BOUNDARY, r"\B": NO_WORD_BOUNDARY}
    made = "".join(
        _java_class(piece) if piece[0] == "[" else pieces.get(piece, piece) for piece in PIECES.findall(body)
    )
    return ("(?diu)" if flags == "(?i)" else "(?d)") + made


def _java_class(piece: str) -> str:
    """In Java's brackets an opening one begins a class within, and && is the intersection."""
    if len(piece) == 1:
        raise ValueError("an opening bracket without its closing one")
    opening = "[^" if piece.startswith("[^") else "["
    inside = piece[len(opening) : -1]
    begins_with_bracket = inside.startswith("]")
    pieces = PIECES_OF_A_CLASS.findall(inside.removeprefix("]"))
    made = [CLASSES.get(one, {"[": r"\[", "&&": r"\&\&"}.get(one, one)) for one in pieces]
    return opening + (r"\]" if begins_with_bracket else "") + "".join(made) + "]"


def java_replacement(replacement: str, groups_before: int = 0) -> str:
    r"""`\1` is `$1`, and a dollar is one; groups_before: how many groups were put before those it counts."""
    made = re.sub(r"\\(\d)", lambda found: f"\0{int(found[1]) + groups_before}", replacement)
    return made.replace("$", r"\$").replace("\0", "$")


def constants(tree: exp.Query) -> exp.Query:
    """`'a' || 'b'` as one literal: an expression has to be one to be read."""

    def rule(node: exp.Expr) -> exp.Expr:
        value = _literal(node) if isinstance(node, exp.DPipe) else None
        return node if value is None else text(value)

    return from_within(tree, rule)


def _literal(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Paren):
        return _literal(node.this)
    if isinstance(node, exp.Literal) and node.is_string:
        return str(node.name)
    if isinstance(node, exp.Chr) and isinstance(node.expressions[0], exp.Literal):
        return chr(int(node.expressions[0].name))
    if isinstance(node, exp.DPipe):
        left, right = _literal(node.this), _literal(node.expression)
        return None if left is None or right is None else left + right
    return None


def regular_expressions(tree: exp.Query) -> exp.Query:
    """Java's expressions in the functions that take one."""
    return from_within(tree, _rule)


def _rule(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.RegexpFullMatch):
        return exp.RegexpLike(this=node.this, expression=text(java_pattern(f"^(?:{_pattern(node)})$")))
    if isinstance(node, exp.RegexpLike):
        return exp.RegexpLike(this=node.this, expression=text(java_pattern(_pattern(node))))
    if isinstance(node, exp.RegexpReplace):
        return _replaced(node)
    if isinstance(node, exp.RegexpExtract):
        return _extracted(node)
    if isinstance(node, exp.RegexpExtractAll):
        group = node.args.get("group") or number(0)
        return call("regexp_extract_all", node.this, text(java_pattern(_pattern(node))), group)
    return node


def _pattern(node: exp.Expr) -> str:
    if not isinstance(node.expression, exp.Literal):
        raise ValueError(f"an expression has to be a literal: {node.sql('duckdb')}")
    return str(node.expression.name)


def _replaced(node: exp.RegexpReplace) -> exp.Expr:
    """Spark replaces every one; where the first alone is meant, what is before it is a group that stays."""
    pattern, replacement = java_pattern(_pattern(node)), node.args["replacement"].name
    modifiers = node.args.get("modifiers")
    if modifiers is not None and "g" in modifiers.name:
        return call("regexp_replace", node.this, text(pattern), text(java_replacement(replacement)))
    flags, body = pattern[: pattern.index(")") + 1], pattern[pattern.index(")") + 1 :]
    first = rf"{flags}\A((?s:.*?))(?:{body})"
    return call("regexp_replace", node.this, text(first), text("$1" + java_replacement(replacement, 1)))


def _extracted(node: exp.RegexpExtract) -> exp.Expr:
    pattern, group = text(java_pattern(_pattern(node))), node.args.get("group") or number(0)
    if not isinstance(group, exp.Array):
        return call("regexp_extract", node.this, pattern, group)
    fields: list[exp.Expr] = []
    for place, name in enumerate(group.expressions, 1):
        fields += [text(name.name), call("regexp_extract", node.this.copy(), pattern.copy(), number(place))]
    return call("named_struct", *fields)
