"""The models' SQL as Spark SQL: what sqlglot leaves of the differences, a function each.

sqlglot knows both dialects' words and most of their functions. The steps here are what it does not know of
the two engines, each named by the difference. Rules are written for what our models use; where a model brings
something new, Spark refuses it or the equality report of `make spark` shows it.
"""

from collections.abc import Callable
from typing import ClassVar

from sqlglot import exp, parse_one
from sqlglot.dialects.duckdb import DuckDB

from trialhouse.spark.aggregates import extremes, filtered_windows, ordered_lists
from trialhouse.spark.functions import functions
from trialhouse.spark.lists import lambdas, list_rows, maps, slices
from trialhouse.spark.patterns import constants, regular_expressions
from trialhouse.spark.selects import (
    asof_joins,
    inlined_aliases,
    plain_windows,
    qualified_rows,
    replaced_columns,
)
from trialhouse.spark.unions import unions_by_name, with_before

ColumnsOf = Callable[[str], list[str]]
Keep = Callable[[str, str], None]

STEPS: tuple[Callable[[exp.Query], exp.Query], ...] = (
    inlined_aliases,
    list_rows,
    asof_joins,
    constants,
    regular_expressions,
    slices,
    maps,
    lambdas,
    functions,
    plain_windows,
    extremes,
    ordered_lists,
    filtered_windows,
    replaced_columns,
    qualified_rows,
)


class Models(DuckDB):
    """DuckDB's dialect as the models keep to it: `len` is of lists, `length` of texts."""

    class Parser(DuckDB.Parser):  # type: ignore[misc,valid-type]
        """DuckDB's own, but for `len`."""

        FUNCTIONS: ClassVar = {**DuckDB.Parser.FUNCTIONS, "LEN": exp.ArraySize.from_arg_list}


def spark_query(sql: str, columns_of: ColumnsOf, keep: Keep) -> str:
    """A model's query in Spark's SQL.

    columns_of: the names of a Spark query's columns. keep(name, query): works a query out once, under a name
    that later queries read; asked for what the model marks as materialized, which Spark would work out at
    each mention.

    Raises:
        sqlglot.errors.ParseError: it is no SQL of DuckDB.
    """
    query = parse_one(sql, dialect=Models)
    if not isinstance(query, exp.Query):
        raise ValueError(f"a model is a query, this is a {query.key}")
    for step in STEPS:
        query = step(query)
    _keep_materialized(query, columns_of, keep)
    return unions_by_name(query, columns_of).sql("spark")


def _keep_materialized(query: exp.Query, columns_of: ColumnsOf, keep: Keep) -> None:
    named = query.args.get("with_")
    kept_before: list[exp.Expr] = []
    for cte in list(named.expressions) if named else []:
        if cte.args.get("materialized"):
            alone = with_before(cte.this, kept_before)
            keep(cte.alias, unions_by_name(alone, columns_of).sql("spark"))
        else:
            kept_before.append(cte)
    if named:
        named.set("expressions", kept_before)
        if not kept_before:
            query.set("with_", None)
