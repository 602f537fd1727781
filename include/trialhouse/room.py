"""How long and how large a full reading will be, and whether there is room for it."""

import errno
import logging
import math
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from trialhouse.download import PAGE_SIZE
from trialhouse.duckdb_session import MOST_MEMORY_BYTES
from trialhouse.errors import BuildFailed, DiskFull, MemoryFull

log = logging.getLogger(__name__)

# Measured on 2 901 records from all over the registry (2025-10) by `bench/bytes_on_disk.py`: 17.5 kB of JSON
# each, at most 9.3 kB on disk while landing (pages being read, raw pages, typed versions); half as much again
# for what DuckDB spills.
JSON_BYTES_A_RECORD = 17_500
DISK_BYTES_A_RECORD = 14_000
# A page of 1 000 records is made, sent and written in about this time beside the pause between two requests.
SECONDS_A_PAGE = 1.3
SECONDS_LANDING_A_RECORD = 0.001
NO_ROOM = ("No space left on device", "Disk quota exceeded")
NO_MEMORY = "Out of Memory Error"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of reading every record: requests, minutes, bytes over the wire, bytes on disk at the most."""

    records: int
    requests: int
    minutes: float
    json_bytes: int
    disk_bytes: int

    def __str__(self) -> str:
        return (
            f"{self.records} records: {self.requests} requests, {self.json_bytes / 1e9:.1f} GB of JSON, "
            f"about {self.minutes:.0f} minutes; needs {self.disk_bytes / 1e9:.1f} GB of disk for the lake"
        )


def estimate_full_reading(records: int, seconds_between_requests: float) -> Estimate:
    """Before it starts; the pace is our own politeness, the rest was measured."""
    requests = math.ceil(records / PAGE_SIZE)
    seconds = requests * max(SECONDS_A_PAGE, seconds_between_requests) + records * SECONDS_LANDING_A_RECORD
    return Estimate(
        records=records,
        requests=requests,
        minutes=seconds / 60,
        json_bytes=records * JSON_BYTES_A_RECORD,
        disk_bytes=records * DISK_BYTES_A_RECORD,
    )


def require_room(folder: Path, wanted_bytes: int) -> None:
    """Raises DiskFull when the disk below `folder` has less free."""
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < wanted_bytes:
        raise DiskFull(
            f"{folder} has {free_bytes / 1e9:.1f} GB free and this needs {wanted_bytes / 1e9:.1f} GB: "
            "make room or set TRIALHOUSE_HOME to a larger disk; nothing was read"
        )


@contextmanager
def shortage_is_told(folder: Path) -> Iterator[None]:
    """Turn what the system and DuckDB say of a full disk or memory into one error that says who acts."""
    try:
        yield
    except (OSError, duckdb.Error, BuildFailed) as error:
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or any(
            words in str(error) for words in NO_ROOM
        ):
            raise DiskFull(
                f"the disk of {folder} is full ({error}): make room and run again; what was finished stays, "
                f"what lies in lake/ctgov/rejected/ may go"
            ) from error
        if NO_MEMORY in str(error):
            raise MemoryFull(
                f"DuckDB spilled what it could and still needs more memory ({error}): free some, of which it "
                f"takes half, up to {MOST_MEMORY_BYTES / 1e9:.0f} GB, and run again; what was finished stays"
            ) from error
        raise
