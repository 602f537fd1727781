"""dbt's own documentation of the project, with lineage, as one page that needs no server and no network.

dbt tells the columns of a file that it opens to write. So it is given a file of empty tables like those that
readers have: the published file is only read, and no build, reader or page waits for another.
"""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from trialhouse.errors import BuildFailed
from trialhouse.lake import write_atomically
from trialhouse.settings import Settings
from trialhouse.warehouse import invoke_dbt

# Statements that make every schema, table and view of a file anew, without rows.
SCHEMAS = (
    "select distinct 'create schema if not exists ' || schema_name from duckdb_columns() where not internal"
)
TABLES = """
    with views as (select schema_name, view_name as table_name from duckdb_views())
    select
        if((schema_name, table_name) in (from views), 'create view ', 'create table ')
        || schema_name || '.' || table_name || ' as select '
        || string_agg('null::' || data_type || ' as "' || column_name || '"', ', ' order by column_index)
        || ' limit 0'
    from duckdb_columns()
    where not internal
    group by schema_name, table_name
"""


def write_dbt_docs(settings: Settings) -> Path:
    """Write the page; returns where it is. Without a published file it names no types of columns.

    Raises:
        BuildFailed: dbt could not read the project.
    """
    with TemporaryDirectory(prefix="trialhouse-dbt-docs-") as folder:
        workshop = replace(settings, home=Path(folder))
        workshop.spill_folder.mkdir(parents=True)
        if settings.published_file.exists():
            _create_empty_likeness(settings.published_file, workshop.build_file)
        invoke_dbt(workshop, ["docs", "generate", "--static"])
        page = workshop.build_folder / "dbt" / "static_index.html"
        if not page.exists():
            raise BuildFailed(
                "dbt did not describe the project; `trialhouse build` says what is wrong with it"
            )
        write_atomically(settings.dbt_docs, page.read_bytes())
    return settings.dbt_docs


def _create_empty_likeness(published_file: Path, file: Path) -> None:
    with duckdb.connect(str(published_file), read_only=True) as con:
        statements = [row[0] for query in (SCHEMAS, TABLES) for row in con.execute(query).fetchall()]
    with duckdb.connect(str(file)) as con:
        con.execute(";\n".join(statements))
