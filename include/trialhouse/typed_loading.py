"""Find the lines that DuckDB refuses although the record check let them pass: an object with a key twice."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from trialhouse.download import read_lines, write_lines
from trialhouse.record_type import typed_records

# DuckDB cuts the key it quotes anywhere, also in the middle of a letter.
REFUSALS = (duckdb.InvalidInputException, UnicodeDecodeError)


def with_refusals(
    con: duckdb.DuckDBPyConnection, pages: list[Path], index: pa.Table, folder: Path
) -> pa.Table:
    """The index of the pages' records with DuckDB's reason at every line that it refuses.

    folder: where halves of pages may be written while the lines are searched for.
    """
    refusals = {
        (number, line): reason
        for number, file in enumerate(pages)
        for line, reason in _refused_lines(con, read_lines(file), 0, folder)
    }
    places = zip(index["page"].to_pylist(), index["line"].to_pylist(), strict=True)
    reasons = [
        known or refusals.get(place) for known, place in zip(index["reason"].to_pylist(), places, strict=True)
    ]
    column = index.schema.get_field_index("reason")
    return index.set_column(column, "reason", pa.array(reasons, pa.string()))


def without_refused(pages: list[Path], index: pa.Table, folder: Path) -> list[Path]:
    """The pages with only the lines that can be loaded; a page that holds no other is passed on as it is."""
    refused: dict[int, set[int]] = {}
    for row in index.filter(index["reason"].is_valid()).to_pylist():
        refused.setdefault(row["page"], set()).add(row["line"])
    return [
        _page_without(file, refused[number], folder) if number in refused else file
        for number, file in enumerate(pages)
    ]


def _page_without(file: Path, lines: set[int], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    rest = [study for line, study in enumerate(read_lines(file)) if line not in lines]
    write_lines(folder / file.name, rest)
    return folder / file.name


def _refused_lines(
    con: duckdb.DuckDBPyConnection, studies: list[bytes], first: int, folder: Path
) -> Iterator[tuple[int, str]]:
    """Line (from 0) and reason, found by halving."""
    reason = _refusal(con, studies, folder)
    if reason is None:
        return
    if len(studies) == 1:
        yield first, reason
        return
    half = len(studies) // 2
    yield from _refused_lines(con, studies[:half], first, folder)
    yield from _refused_lines(con, studies[half:], first + half, folder)


def _refusal(con: duckdb.DuckDBPyConnection, studies: list[bytes], folder: Path) -> str | None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "tried.jsonl.zst"
    write_lines(file, studies)
    try:
        con.execute(f"create or replace temp table tried as select * from {typed_records([file])}")
    except REFUSALS as error:
        return f"DuckDB refuses it: {str(error).splitlines()[0]}"
    return None
