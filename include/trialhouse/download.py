"""Read a listing of studies page by page into a folder, so that a killed run goes on where it stopped.

Each page becomes `page-00001.jsonl.zst`, one study a line. `progress.json` names the finished pages with
their sha256 and the token of the next one; it is only believed for the same data version and question.
"""

import logging
import math
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

import msgspec
import zstandard

from trialhouse.errors import RegistryChanged, SnapshotIncomplete
from trialhouse.lake import remove, sha256_of, write_atomically
from trialhouse.records import Page
from trialhouse.registry import Registry

log = logging.getLogger(__name__)

PAGE_SIZE = 1000
PROGRESS = "progress.json"
SECONDS_BETWEEN_PROGRESS_LINES = 5.0
# "A page may have empty studies array", says the OpenAPI description; a listing of nothing else has no end.
MOST_EMPTY_PAGES = 10


class FinishedPage(msgspec.Struct, frozen=True):
    file: str
    sha256: str
    studies: int


class Progress(msgspec.Struct):
    """What of a listing is safely on disk."""

    data_timestamp: datetime
    question: dict[str, str]
    pages: list[FinishedPage] = []
    next_page_token: str | None = None
    total_count: int | None = None
    is_complete: bool = False

    @property
    def studies(self) -> int:
        return sum(page.studies for page in self.pages)


def download_listing(
    registry: Registry, question: Mapping[str, str], data_timestamp: datetime, folder: Path
) -> Progress:
    """Read all pages of `/studies` for `question`; pages already on disk are not asked for again.

    Raises:
        SnapshotIncomplete: a page token came twice, the registry no longer takes one because its data moved
            on, or nothing but empty pages comes.
    """
    progress = _resume(folder, dict(question), data_timestamp)
    seen_tokens = {progress.next_page_token}
    started = time.monotonic()
    told = started
    at_start = progress.studies
    empty_pages = 0
    while not progress.is_complete:
        page = _next_page(registry, progress)
        if page.next_page_token in seen_tokens and page.next_page_token is not None:
            raise SnapshotIncomplete(f"the registry repeated page token {page.next_page_token!r}")
        seen_tokens.add(page.next_page_token)
        empty_pages = 0 if page.studies else empty_pages + 1
        if empty_pages > MOST_EMPTY_PAGES:
            raise SnapshotIncomplete(f"the registry sent {empty_pages} empty pages in a row")
        _keep_page(folder, progress, page)
        if time.monotonic() - told > SECONDS_BETWEEN_PROGRESS_LINES:
            told = time.monotonic()
            _tell(progress, progress.studies - at_start, told - started)
    return progress


def _next_page(registry: Registry, progress: Progress) -> Page:
    try:
        return registry.studies(_page_params(progress))
    except RegistryChanged as error:
        if progress.next_page_token is None or not error.status == HTTPStatus.BAD_REQUEST:
            raise
        raise SnapshotIncomplete(f"the registry refused a page token it gave itself: {error}") from error


def is_begun(folder: Path) -> bool:
    """Whether a run that ended early left pages to go on from."""
    return (folder / PROGRESS).exists()


def page_files(folder: Path) -> list[Path]:
    """Finished pages in order."""
    return sorted(folder.glob("page-*.jsonl.zst"))


def read_lines(page_file: Path) -> list[bytes]:
    """The studies of one page, without line breaks."""
    return zstandard.decompress(page_file.read_bytes()).split(b"\n")[:-1]


def write_lines(page_file: Path, studies: list[bytes]) -> None:
    body = zstandard.compress(b"".join(study + b"\n" for study in studies))
    write_atomically(page_file, body)


def in_batches(items: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _resume(folder: Path, question: dict[str, str], data_timestamp: datetime) -> Progress:
    file = folder / PROGRESS
    if file.exists():
        progress = msgspec.json.decode(file.read_bytes(), type=Progress)
        same = progress.question == question and progress.data_timestamp == data_timestamp
        if same and all(_is_intact(folder, page) for page in progress.pages):
            log.info("resuming pages=%d studies=%d", len(progress.pages), progress.studies)
            return progress
    remove(folder)
    folder.mkdir(parents=True)
    return Progress(data_timestamp=data_timestamp, question=question)


def _is_intact(folder: Path, page: FinishedPage) -> bool:
    file = folder / page.file
    return file.exists() and sha256_of(file) == page.sha256


def _page_params(progress: Progress) -> dict[str, str]:
    params = {**progress.question, "format": "json", "pageSize": str(PAGE_SIZE)}
    if progress.next_page_token is None:
        return {**params, "countTotal": "true"}
    return {**params, "pageToken": progress.next_page_token}


def _keep_page(folder: Path, progress: Progress, page: Page) -> None:
    file = folder / f"page-{len(progress.pages) + 1:05d}.jsonl.zst"
    write_lines(file, page.studies)
    progress.pages.append(FinishedPage(file.name, sha256_of(file), len(page.studies)))
    progress.next_page_token = page.next_page_token
    progress.is_complete = page.next_page_token is None
    if page.total_count is not None:
        progress.total_count = page.total_count
    write_atomically(folder / PROGRESS, msgspec.json.encode(progress))


def _tell(progress: Progress, read_now: int, seconds: float) -> None:
    left = (progress.total_count or progress.studies) - progress.studies
    eta = math.ceil(left * seconds / read_now) if read_now else 0
    log.info("reading studies=%d of=%s seconds_left=%d", progress.studies, progress.total_count, eta)
