"""Load past versions into the typed record: each record with what we know of it as one line of JSON."""

import io
from datetime import date
from pathlib import Path

import duckdb
import msgspec
import zstandard

from trialhouse.parquet_files import ROW_GROUP_RECORDS
from trialhouse.record_type import LARGEST_RECORD_BYTES, duckdb_type, load_record_type, section_types
from trialhouse.typed_loading import REFUSALS

_KEY_TYPES = {
    "nct_id": "VARCHAR",
    "version_number": "INTEGER",
    "submitted_on": "DATE",
    "content_hash": "VARCHAR",
    "answer_line": "BIGINT",
}


class VersionRecord(msgspec.Struct, frozen=True):
    """One line of the file that DuckDB reads; every text of the study is plain."""

    nct_id: str
    version_number: int
    submitted_on: date
    content_hash: str
    answer_line: int
    study: msgspec.Raw


def write_versions(con: duckdb.DuckDBPyConnection, records: Path, file: Path) -> None:
    """Parse the lines of `records` into Parquet.

    Raises:
        REFUSALS: a line does not fit, though the record check let it pass.
    """
    sections = ", ".join(f'study."{name}"' for name in section_types())
    con.execute(f"""
        copy (
            select {", ".join(_KEY_TYPES)}, {sections}
            from {_typed(records)}
            order by nct_id, version_number
        ) to '{file}' (format parquet, compression zstd, row_group_size {ROW_GROUP_RECORDS})
    """)


def take_out_refused(con: duckdb.DuckDBPyConnection, records: Path) -> list[tuple[VersionRecord, str]]:
    """Take the lines that DuckDB refuses (an object's key twice) out of `records`; they and the reasons."""
    one, kept = records.with_name("one.jsonl"), records.with_name("kept.jsonl.zst")
    refused = []
    with zstandard.open(records, "rb") as packed, zstandard.open(kept, "wb") as out:
        for line in io.BufferedReader(packed):
            one.write_bytes(line)
            try:
                con.execute(f"create or replace temp table tried as select * from {_typed(one)}")
                out.write(line)
            except REFUSALS as error:
                reason = f"DuckDB refuses it: {str(error).splitlines()[0]}"
                refused.append((msgspec.json.decode(line, type=VersionRecord), reason))
    one.unlink()
    kept.replace(records)
    return refused


def _typed(records: Path) -> str:
    columns = _KEY_TYPES | {"study": duckdb_type(load_record_type())}
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    return (
        f"read_json('{records}', format = 'newline_delimited', columns = {{{types}}}, "
        f"maximum_object_size = {LARGEST_RECORD_BYTES})"
    )
