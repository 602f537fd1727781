"""From a version back to the bytes the registry sent: which file, which line, which sha256, of which data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from trialhouse.download import read_lines
from trialhouse.errors import LakeDamaged, SettingsInvalid
from trialhouse.lake import Lake
from trialhouse.landing import raw_page_file
from trialhouse.record_check import check_record
from trialhouse.records import NCT_ID
from trialhouse.settings import Settings


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where one version of a record came from; `raw_page` and `raw_line` count from 1."""

    nct_id: str
    content_hash: str
    snapshot_date: date
    data_timestamp: datetime
    raw_file: Path
    raw_page: int
    raw_line: int
    sha256: str
    record: bytes

    def lines(self) -> list[str]:
        return [
            f"version    {self.nct_id} {self.content_hash}",
            f"landed with {self.snapshot_date}, registry data of {self.data_timestamp} UTC",
            f"raw file   {self.raw_file}",
            f"sha256     {self.sha256} (as in the manifest)",
            f"position   page {self.raw_page}, line {self.raw_line}, {len(self.record)} bytes",
        ]


def receipts_of(settings: Settings, nct_id: str, content_hash: str = "") -> Iterator[Receipt]:
    """The receipt of every version whose hash begins so, oldest first.

    Raises:
        SettingsInvalid: no such version.
        LakeDamaged: a raw file is not what its manifest says, or its line is another record.
    """
    lake = Lake(settings.lake)
    if not NCT_ID.fullmatch(nct_id):
        raise SettingsInvalid(f"an id is NCT and eight digits, not {nct_id!r}")
    rows = _places(lake, nct_id, content_hash)
    if not rows:
        raise SettingsInvalid(f"the lake has no version {content_hash} of {nct_id}")
    for day, page, line, known_hash in rows:
        yield _receipt(lake, nct_id, day, page, line, known_hash)


def _places(lake: Lake, nct_id: str, content_hash: str) -> list[tuple[date, int, int, str]]:
    files = [str(file) for file in lake.versions_files(lake.days())]
    if not files:
        return []
    with duckdb.connect() as con:
        return con.execute(
            """
            select snapshot_date, raw_page, raw_line, content_hash
            from read_parquet($files, hive_partitioning = true, union_by_name = true)
            where nct_id = $nct_id and starts_with(content_hash, $content_hash)
            order by snapshot_date
            """,
            {"files": files, "nct_id": nct_id, "content_hash": content_hash},
        ).fetchall()


def _receipt(lake: Lake, nct_id: str, day: date, page: int, line: int, known_hash: str) -> Receipt:
    file = raw_page_file(lake, day, page)
    lake.require_intact(day, [file])
    record = read_lines(file)[line - 1]
    checked = check_record(record)
    if (checked.nct_id, checked.content_hash) != (nct_id, known_hash):
        raise LakeDamaged(
            f"line {line} of {file} is {checked.nct_id} {checked.content_hash}, not {known_hash}"
        )
    manifest = lake.manifest(day)
    return Receipt(
        nct_id=nct_id,
        content_hash=known_hash,
        snapshot_date=day,
        data_timestamp=manifest.data_timestamp,
        raw_file=file,
        raw_page=page,
        raw_line=line,
        sha256=manifest.files[str(file.relative_to(lake.root))],
        record=record,
    )
