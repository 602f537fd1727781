"""`trialhouse describe`: what the published file says of its own tables and columns."""

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import zip_longest
from pathlib import Path
from textwrap import wrap
from typing import Annotated

import duckdb
import typer

from trialhouse.cli_shared import plain_errors, published_file
from trialhouse.data_dictionary import COLUMNS, parse_description
from trialhouse.errors import SettingsInvalid

SCHEMAS = ("marts", "personal", "aact")
WIDTH_WHERE_NOBODY_LOOKS = 200
# Of name, type, meaning, path, unit at the most; the meaning takes what is left and no less than this.
WIDEST = (40, 28, 36, 60, 24)
MEANING = COLUMNS.index("meaning")

_FIRST_SENTENCE = re.compile(r".*?\.(?=\s|$)", re.DOTALL)

TableArgument = Annotated[str | None, typer.Argument(help="dim_trials, or aact.studies; default: list all.")]
FileOption = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="Another DuckDB file than the published one."),
]


@dataclass(frozen=True, slots=True)
class DescribedTable:
    """A table or view of the file with its comment."""

    schema: str
    name: str
    kind: str
    comment: str

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"


@plain_errors
def describe(table: TableArgument = None, file: FileOption = None) -> None:
    """Tell what a table of the published file holds: columns, types, meanings, registry paths, units."""
    file = published_file(file)
    width = shutil.get_terminal_size((WIDTH_WHERE_NOBODY_LOOKS, 0)).columns
    try:
        with duckdb.connect(str(file), read_only=True) as con:
            lines = list(description_lines(con, table, width))
    except duckdb.Error as error:
        raise SettingsInvalid(f"{file} cannot be read: {error}") from error
    for line in lines:
        typer.echo(line)


def description_lines(con: duckdb.DuckDBPyConnection, name: str | None, width: int) -> Iterator[str]:
    """All tables with a sentence each, or one table with its columns.

    Raises:
        SettingsInvalid: there is no table of this name; the message has the nearest ones.
    """
    tables = _tables(con)
    if name is None:
        yield from _list_of(tables)
        return
    found = [table for table in tables if name.lower() in (table.name.lower(), table.full_name.lower())]
    if not found:
        raise SettingsInvalid(_nearest(name, tables))
    yield from _lines_of(con, found[0], width)
    if found[1:]:
        yield f"\nAlso of this name: {', '.join(table.full_name for table in found[1:])}"


def _tables(con: duckdb.DuckDBPyConnection) -> list[DescribedTable]:
    """Every table and view, the schemas that are meant for readers first."""
    rows = con.execute("""
        select schema_name, table_name, 'table', coalesce(comment, '') from duckdb_tables()
        where not internal and not temporary
        union all
        select schema_name, view_name, 'view', coalesce(comment, '') from duckdb_views()
        where not internal and not temporary
        order by all
    """).fetchall()
    tables = [DescribedTable(*row) for row in rows]
    order = {schema: place for place, schema in enumerate(SCHEMAS)}
    return sorted(tables, key=lambda table: order.get(table.schema, len(SCHEMAS)))


def _list_of(tables: list[DescribedTable]) -> Iterator[str]:
    name_width = max((len(table.name) for table in tables), default=0)
    schema = None
    for table in tables:
        if table.schema != schema:
            yield f"{table.schema}" if schema is None else f"\n{table.schema}"
            schema = table.schema
        yield f"  {table.name:{name_width}}  {first_sentence(table.comment)}".rstrip()


def first_sentence(text: str) -> str:
    found = _FIRST_SENTENCE.match(text)
    return found[0] if found else text


def _nearest(name: str, tables: list[DescribedTable]) -> str:
    """By the name alone, or with its schema where one was given."""
    spelled = {table.full_name.lower() if "." in name else table.name.lower(): table for table in tables}
    near = [spelled[match].full_name for match in get_close_matches(name.lower(), spelled)]
    hint = f"the nearest are {', '.join(near)}" if near else "`trialhouse describe` lists what there is"
    return f"no table or view {name!r}; {hint}"


def _lines_of(con: duckdb.DuckDBPyConnection, table: DescribedTable, width: int) -> Iterator[str]:
    yield f"{table.full_name} ({table.kind})"
    if table.comment:
        yield table.comment
    yield ""
    columns = con.execute(
        "select column_name, lower(data_type), coalesce(comment, '') from duckdb_columns()"
        " where schema_name = ? and table_name = ? order by column_index",
        [table.schema, table.name],
    ).fetchall()
    rows = [COLUMNS]
    for name, data_type, comment in columns:
        meaning, path, unit = parse_description(comment)
        rows.append((name, data_type, meaning, path or "", unit or ""))
    yield from laid_out(rows, width)


def laid_out(rows: Sequence[tuple[str, ...]], width: int) -> Iterator[str]:
    """Rows in columns two blanks apart, wrapped in their cells so that the meaning fills the line."""
    widths = [min(most, max(len(row[place]) for row in rows)) for place, most in enumerate(WIDEST)]
    others = sum(widths) - widths[MEANING] + 2 * (len(widths) - 1)
    longest = max(len(row[MEANING]) for row in rows)
    widths[MEANING] = min(longest, max(WIDEST[MEANING], width - others))
    for row in rows:
        cells = [wrap(text, size) for text, size in zip(row, widths, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            yield "  ".join(f"{part:{size}}" for part, size in zip(parts, widths, strict=True)).rstrip()
