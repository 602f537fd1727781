"""The registries that the faults strike, and what a lake holds, whatever file it is in."""

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from builders import MONDAY, TUESDAY, MadeUpRegistry, Record, a_study, home_of, with_status
from trialhouse.download import read_lines
from trialhouse.lake import Lake
from trialhouse.landing import raw_page_file
from trialhouse.local_registry.faults import Fault
from trialhouse.presence import presence_rows
from trialhouse.record_type import section_types
from trialhouse.settings import DAY_PLACEHOLDER, Settings

MODES = ("full", "sweep")
FOR_EVER = 1_000_000
STUDIES_A_PAGE, IDS_A_REQUEST = 8, 12
# Tuesday's 40 records are swept with the first five requests; those after them ask for records by id.
FIRST_READ_BY_ID = 6
POSTED_TUESDAY: dict[str, Any] = {"statusModule__lastUpdatePostDateStruct": {"date": "2026-01-06"}}


def nct(number: int) -> str:
    return f"NCT9{number:07}"


def steady(numbers: Collection[int]) -> list[Record]:
    """Records that never change."""
    return [a_study(nct(number)) for number in numbers]


class LeavesOut(MadeUpRegistry):
    """A registry whose listing of a day leaves out records that it still answers for."""

    def __init__(
        self,
        records_by_day: Mapping[date, Collection[Record]],
        left_out: dict[date, Collection[str]],
        **more: Any,
    ) -> None:
        super().__init__(records_by_day, **more)
        self.left_out = left_out

    def nct_ids(self, day: date) -> Sequence[str]:
        return [nct_id for nct_id in super().nct_ids(day) if nct_id not in self.left_out.get(day, ())]


TWO_DAYS = MadeUpRegistry(
    {
        MONDAY: steady(range(40)),
        TUESDAY: [
            *(with_status("COMPLETED", nct(number), **POSTED_TUESDAY) for number in range(2, 12)),
            *(a_study(nct(number), descriptionModule__briefSummary="New words.") for number in range(12, 16)),
            *steady(range(16, 42)),
        ],
    },
    aliases={nct(1): nct(2)},
)


# ---------- homes


def a_copy(home: Path, target: Path) -> Path:
    """A home like another one, to land the next day in."""
    shutil.copytree(home, target, symlinks=True)
    return target


@contextmanager
def live_home_of(
    source: MadeUpRegistry, home: Path, *, sync_mode: str = "full", faults: Sequence[Fault] = ()
) -> Iterator[Settings]:
    """A home whose registry only has its present: the newest day of the source."""
    with home_of(source, home, sync_mode=sync_mode, faults=faults) as settings:
        url = settings.registry_url.replace(f"/days/{DAY_PLACEHOLDER}", "")
        yield replace(settings, registry_url=url)


# ---------- what a lake holds


def contents(settings: Settings) -> dict[str, Any]:
    """Everything the lake says, but not when it was landed nor how it is cut into files."""
    lake = Lake(settings.lake)
    return {
        "versions": [row for day in lake.days() for row in versions(lake, day)],
        "presence": [row for day in lake.days() for row in _rows(lake.presence_file(day))],
        "quarantine": [row for day in lake.days() for row in _rows(lake.quarantine_file(day))],
        "departures": [row for day in lake.days() for row in _rows(lake.departures_file(day))],
        "manifests": [manifest_facts(lake, day) for day in lake.days()],
    }


def versions(lake: Lake, day: date) -> list[tuple[Any, ...]]:
    """Each version first seen on a day: id, hash, the typed record, and the raw record it points to."""
    if not lake.versions_file(day).exists():
        return []
    typed = ", ".join(f'"{section}"' for section in section_types())
    rows = duckdb.sql(f"""
        select nct_id, content_hash, md5(({typed})::varchar), raw_page, raw_line
        from '{lake.versions_file(day)}' order by all
    """).fetchall()
    pages = {page: read_lines(raw_page_file(lake, day, page)) for *_, page, _ in rows}
    return [(*known, pages[page][line - 1]) for *known, page, line in rows]


def manifest_facts(lake: Lake, day: date) -> dict[str, Any]:
    facts = msgspec.structs.asdict(lake.manifest(day))
    return {name: value for name, value in facts.items() if name not in ("landed_at", "files")}


def presence(settings: Settings, day: date) -> dict[str, str | None]:
    """The content hash of every id of a day."""
    rows = presence_rows(Lake(settings.lake), [day])
    return dict(duckdb.sql(f"select nct_id, content_hash from ({rows})").fetchall())


def departures(settings: Settings, day: date) -> list[tuple[Any, ...]]:
    rows = _rows(Lake(settings.lake).departures_file(day))
    return [(row["nct_id"], row["departure_type"], row["merged_into_nct_id"]) for row in rows]


def quarantine(settings: Settings, day: date) -> list[tuple[Any, ...]]:
    return [
        (row["nct_id"], row["reason"], row["raw_line"])
        for row in _rows(Lake(settings.lake).quarantine_file(day))
    ]


def _rows(file: Path, *left_out: str) -> list[dict[str, Any]]:
    """The rows of a Parquet file by name, in the order of their first column; none where there is no file."""
    if not file.exists():
        return []
    columns = f"* exclude ({', '.join(left_out)})" if left_out else "*"
    rows: list[dict[str, Any]] = (
        duckdb.sql(f"select {columns} from '{file}' order by 1, 2").to_arrow_table().to_pylist()
    )
    return rows


def files_of(settings: Settings) -> dict[str, bytes]:
    """The bytes of every file of the lake but pages on their way in, readings thrown away and the pace."""
    lake = Lake(settings.lake)
    return {
        str(file.relative_to(lake.root)): file.read_bytes()
        for file in sorted(lake.root.rglob("*"))
        if file.is_file()
        and file != lake.pace_file
        and not {lake.incoming, lake.rejected} & set(file.parents)
    }


def require_nothing_half_written(settings: Settings) -> None:
    """Every file of the lake is one a manifest names, with that very content, and no reading lies about."""
    lake = Lake(settings.lake)
    named = {".writer.lock", "registry.txt", *(f"manifests/{day}.json" for day in lake.days())}
    for day in lake.days():
        lake.require_intact(day)
        named |= lake.manifest(day).files.keys()
        named |= {f"descriptions/{each}.json" for each in lake.manifest(day).descriptions.values()}
    assert files_of(settings).keys() == named
    assert not lake.incoming.exists()


def reasons(settings: Settings) -> list[str]:
    """Why readings were thrown away, oldest first."""
    return [file.read_text() for file in sorted(Lake(settings.lake).rejected.glob("*/reason.txt"))]
