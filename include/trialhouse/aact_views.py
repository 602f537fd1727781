"""Schema `aact`: AACT's tables as views over the marts, so that a published AACT query runs on our file."""

import logging
from pathlib import Path

import duckdb

from trialhouse.errors import BuildFailed
from trialhouse.settings import PROJECT

log = logging.getLogger(__name__)

AACT_FOLDER = PROJECT / "dbt_project" / "aact"

# A row's id: 63 bits of the hash of its place in the record, the same in every build; NULL without a place.
# The chance that any two of n rows of a table share one is n² / 2^64: one in a million for five million rows.
ROW_ID_MACRO = """
    create or replace macro aact.row_id(table_name, nct_id, place) as
        cast(md5_number_lower(table_name || '/' || nct_id || '/' || place) >> 1 as bigint)
"""
# Lower case as Ruby has it, letter by letter; DuckDB makes a plain i of the Turkish capital.
DOWNCASE_MACRO = "create or replace macro aact.downcase(name) as lower(replace(name, 'İ', 'i̇'))"
# AACT's own converter takes "1,313" for no number; ours beside the text does not.
NUMBER_MACRO = """
    create or replace macro aact.number_without_commas(given, number) as
        case when not contains(given, ',') then number end
"""
# Where the group that a row means by its code stands in a part of the results; the last of that code.
GROUP_NUMBERS_MACRO = """
    create or replace macro aact.group_numbers(part) as table
        select nct_id, outcome_number, group_id, max(group_number) as group_number
        from marts.fct_result_groups
        where result_type = part
        group by nct_id, outcome_number, group_id
"""
MACROS = (ROW_ID_MACRO, DOWNCASE_MACRO, NUMBER_MACRO, GROUP_NUMBERS_MACRO)


def create_aact_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create schema `aact` with its macros and views in the current database.

    Raises:
        BuildFailed: the file it names is no view over these marts.
    """
    files = view_files()
    # One transaction: each statement alone would wait for the disk.
    con.begin()
    for statement in ("create schema if not exists aact", *MACROS):
        _run(con, Path(__file__), statement)
    for file in files:
        _run(con, file, f"create or replace view aact.{file.stem} as\n{file.read_text(encoding='utf-8')}")
    con.commit()
    log.info("created schema=aact views=%d", len(files))


def view_files() -> list[Path]:
    """One file a view, in the order they can be created: AACT's tables first, then its views over them."""
    return sorted(AACT_FOLDER.glob("*.sql"), key=lambda file: (file.stem.startswith("all_"), file.stem))


def _run(con: duckdb.DuckDBPyConnection, file: Path, statement: str) -> None:
    try:
        con.execute(statement)
    except duckdb.Error as error:
        raise BuildFailed(f"{file.relative_to(PROJECT)}: {error}") from error
