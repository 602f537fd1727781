"""What was read of the registry for one day, and what is known of each record of it."""

import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import duckdb
import pyarrow as pa

from trialhouse.departures import Departure
from trialhouse.download import read_lines
from trialhouse.errors import SnapshotIncomplete
from trialhouse.plain_texts import is_plain
from trialhouse.record_check import check_record
from trialhouse.registry import DataVersion, FieldCounts

INDEX_SCHEMA = pa.schema(
    [
        ("nct_id", pa.string()),
        ("content_hash", pa.string()),
        ("page", pa.int32()),
        ("line", pa.int32()),
        ("reason", pa.string()),
        ("unknown_fields", pa.list_(pa.string())),
        ("unknown_codes", pa.list_(pa.struct([("path", pa.string()), ("value", pa.string())]))),
        ("is_plain", pa.bool_()),
    ]
)
# Fewer pages are checked sooner than other processes have started.
LEAST_PAGES_TO_SHARE = 8


@dataclass(frozen=True, slots=True)
class Slice:
    """Unchanged records read again because not read for longest, the oldest since `oldest_read_on`."""

    count: int = 0
    oldest_read_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One whole state of the registry, as read.

    total_count: the registry's own count. listed_count: rows of its listing. listed: nct_id of every record
    the registry has. record_pages: files of full records, one a line. lines_count: how many lines they have.
    index: one row a record (INDEX_SCHEMA), which may leave lines out that came twice.
    departures: what became of ids that were listed and are no more. artefact_count: ids the listing left out.
    unchecked_count: ids that are not listed and of which the registry said nothing clear; they are kept.
    unidentified_count: rows whose id cannot be told. descriptions: the registry's own of itself, by name.
    """

    version: DataVersion
    sync_mode: str
    total_count: int
    listed_count: int
    listed: pa.Table
    record_pages: list[Path]
    lines_count: int
    index: pa.Table
    departures: list[Departure] = field(default_factory=list)
    artefact_count: int = 0
    unchecked_count: int = 0
    unidentified_count: int = 0
    reread: Slice = field(default_factory=Slice)
    registry_counts: list[FieldCounts] = field(default_factory=list)
    descriptions: dict[str, bytes] = field(default_factory=dict)


def index_records(record_pages: list[Path], first_page: int = 0) -> pa.Table:
    """One row a record read (INDEX_SCHEMA): page and line from 0; `reason` says why it cannot be loaded.

    Many pages are shared among as many processes as there are processors.
    """
    numbers = range(first_page, first_page + len(record_pages))
    if len(record_pages) < LEAST_PAGES_TO_SHARE:
        batches = list(map(_index_page, numbers, record_pages))
    else:
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as processes:
            batches = list(processes.map(_index_page, numbers, record_pages))
    return pa.Table.from_batches(batches, schema=INDEX_SCHEMA)


def with_found(
    index: pa.Table, pages: list[Path], found: Mapping[str, bytes], found_pages: list[Path]
) -> pa.Table:
    """The index with the records found by asking for their ids, which are known whatever the records say.

    A row without a readable id that holds the very bytes of a found record is that record, once.
    """
    found_index = index_records(found_pages, first_page=len(pages))
    found_index = found_index.set_column(0, "nct_id", pa.array(list(found), pa.string()))
    bodies = set(found.values())
    nameless = index.filter(index["nct_id"].is_null()).to_pylist()
    repeated = {
        (row["page"], row["line"])
        for row in nameless
        if read_lines(pages[row["page"]])[row["line"]] in bodies
    }
    if not repeated:
        return pa.concat_tables([index, found_index])
    places = zip(index["page"].to_pylist(), index["line"].to_pylist(), strict=True)
    return pa.concat_tables([index.filter([place not in repeated for place in places]), found_index])


def require_distinct_ids(index: pa.Table) -> None:
    """Raises SnapshotIncomplete when an id came twice."""
    nct_ids = index["nct_id"].drop_null()
    repeated = len(nct_ids) - len(nct_ids.unique())
    if repeated:
        raise SnapshotIncomplete(f"the registry gave {repeated} ids twice in one listing")


def first_of_each(con: duckdb.DuckDBPyConnection, index: pa.Table) -> pa.Table:
    """The index with each record once: a batch by id gives a record again for its alias.

    Raises:
        SnapshotIncomplete: an id came with two contents.
    """
    con.register("index_with_repeats", index)
    once = con.execute("""
        from index_with_repeats
        qualify
            nct_id is null
            or row_number() over (partition by nct_id, content_hash order by page, line) = 1
        order by page, line
    """).to_arrow_table()
    require_distinct_ids(once)
    return once.cast(INDEX_SCHEMA)


def ids_of(index: pa.Table) -> set[str]:
    return set(index["nct_id"].drop_null().to_pylist())


def listing_of(nct_ids: set[str]) -> pa.Table:
    """A listing: one column, nct_id, sorted."""
    return pa.table({"nct_id": pa.array(sorted(nct_ids), pa.string())})


def unidentified_count(index: pa.Table) -> int:
    """Records whose id cannot be told."""
    return int(index["nct_id"].null_count)


def _index_page(number: int, file: Path) -> pa.RecordBatch:
    studies = read_lines(file)
    checked = [check_record(study) for study in studies]
    columns = {
        "nct_id": [record.nct_id for record in checked],
        "content_hash": [record.content_hash for record in checked],
        "page": [number] * len(checked),
        "line": list(range(len(checked))),
        "reason": [record.reason for record in checked],
        "unknown_fields": [record.unknown_fields for record in checked],
        "unknown_codes": [
            [{"path": path, "value": value} for path, value in record.unknown_codes] for record in checked
        ],
        "is_plain": [
            record.reason is not None or is_plain(study)
            for record, study in zip(checked, studies, strict=True)
        ],
    }
    return pa.RecordBatch.from_pydict(columns, schema=INDEX_SCHEMA)
