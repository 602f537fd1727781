"""Put the words of the data dictionary into the build file, as comments on tables, views, functions, columns.

dbt could (`persist_docs`), but asks for the columns of each table first: a tenth of a small registry's build.
"""

from collections.abc import Iterator

import duckdb

from trialhouse.data_dictionary import Table, sections
from trialhouse.errors import BuildFailed


def write_comments(con: duckdb.DuckDBPyConnection) -> None:
    """Comment on everything that the data dictionary describes.

    Raises:
        BuildFailed: it describes a table or a column that is not there.
    """
    kinds: dict[tuple[str, str], str] = dict.fromkeys(
        con.execute("select schema_name, view_name from duckdb_views() where not internal").fetchall(), "view"
    ) | dict.fromkeys(
        con.execute(
            "select schema_name, function_name from duckdb_functions() where not internal"
        ).fetchall(),
        "macro table",
    )
    comments = (
        comment
        for section in sections()
        for table in section.tables
        for comment in _comments(section.schema, table, kinds.get((section.schema, table["name"]), "table"))
    )
    # One transaction: each statement alone would wait for the disk.
    con.begin()
    try:
        con.execute(";\n".join(comments))
    except duckdb.Error as error:
        raise BuildFailed(f"the data dictionary describes what was not built: {error}") from error
    con.commit()


def _comments(schema: str, table: Table, kind: str) -> Iterator[str]:
    name = f"{schema}.{table['name']}"
    yield f"comment on {kind} {name} is {_quoted(table['description'])}"
    for column in table["columns"]:
        yield f"comment on column {name}.{column['name']} is {_quoted(column['description'])}"


def _quoted(text: str) -> str:
    return "'" + " ".join(text.split()).replace("'", "''") + "'"
