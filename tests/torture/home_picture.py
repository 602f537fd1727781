"""What a home holds, in a form in which two homes can be compared: without the moments it was done at."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from trialhouse.lake import Lake

LAKE, WAREHOUSE = Path("lake", "ctgov"), Path("warehouse")
Rows = list[tuple[Any, ...]]


def lake_of(home: Path) -> Lake:
    return Lake(home / LAKE)


def lake_picture(home: Path) -> dict[str, Any]:
    """Every manifest and every file; a file that no manifest names is an error."""
    lake = lake_of(home)
    days = lake.days()
    _refuse_strays(lake, days)
    for day in days:
        lake.require_intact(day)
    return {str(day): _day_picture(lake, day) for day in days}


def _day_picture(lake: Lake, day: date) -> dict[str, Any]:
    told = msgspec.structs.asdict(lake.manifest(day))
    del told["landed_at"]
    departures = lake.departures_file(day)
    if departures.exists():
        # The one table that holds a moment of asking: its rows are compared without it.
        del told["files"][str(departures.relative_to(lake.root))]
        told["departures"] = duckdb.sql(f"select * from '{departures}' order by all").fetchall()
    return told


def _refuse_strays(lake: Lake, days: list[date]) -> None:
    on_disk = {str(file.relative_to(lake.root)) for file in lake.root.rglob("*") if file.is_file()}
    manifests = [lake.manifest(day) for day in days]
    named = {path for manifest in manifests for path in manifest.files}
    described = {lake.description_file(each) for told in manifests for each in told.descriptions.values()}
    named |= {str(file.relative_to(lake.root)) for file in described}
    receipts = {str(lake.manifest_file(day).relative_to(lake.root)) for day in days}
    assert on_disk == named | receipts | {"registry.txt", ".writer.lock"}


def require_sound(home: Path) -> None:
    """What must hold at any moment: landed days are whole, and readers can open what is published."""
    lake = lake_of(home)
    for day in lake.days():
        lake.require_intact(day)
    if (home / WAREHOUSE / "trials.duckdb").exists():
        assert published_rows(home)


# When a day landed is another time in another home.
TIMELESS = "select columns(lambda name: name not in ('landed_at', 'known_from', 'content_known_from'))"


def published_rows(home: Path) -> dict[str, Rows]:
    """Every row of every published table but for times of landing, in an order of its own."""
    with duckdb.connect(str(home / WAREHOUSE / "trials.duckdb"), read_only=True) as con:
        tables = con.execute("select schema_name, table_name from duckdb_tables() order by all").fetchall()
        tables.append(("marts", "dim_trials"))
        return {
            f"{schema}.{table}": con.execute(f'{TIMELESS} from "{schema}"."{table}" order by all').fetchall()
            for schema, table in tables
        }


def in_schema(schema: str, tables: dict[str, Rows]) -> dict[str, Rows]:
    return {name: rows for name, rows in tables.items() if name.startswith(f"{schema}.")}


def parquet_rows(home: Path) -> dict[str, Rows]:
    """The rows of schema `marts` out of the Parquet files beside it."""
    files = sorted((home / WAREHOUSE / "parquet").glob("*.parquet"))
    return {
        f"marts.{file.stem}": duckdb.sql(f"{TIMELESS} from '{file}' order by all").fetchall()
        for file in files
    }


def count_rows(tables: dict[str, Rows]) -> int:
    return sum(map(len, tables.values()))
