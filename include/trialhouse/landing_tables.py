"""What the lake knew before the day that is being landed."""

from datetime import date
from pathlib import Path

import duckdb

from trialhouse.lake import Lake, existing
from trialhouse.presence import sweep_types
from trialhouse.record_type import section_types


class LandingTables:
    """What the lake knew before this day, as views of one connection."""

    def __init__(self, lake: Lake, day: date, con: duckdb.DuckDBPyConnection, held: set[date]) -> None:
        """`held`: days that a gate holds.

        Raises:
            LakeDamaged: what the day before left is not what its manifest says.
        """
        self.lake = lake
        self.day = day
        self.con = con
        before = lake.day_before(day)
        self.has_previous_day = before is not None
        self.is_previous_day_held = before in held
        keys = {"nct_id": "VARCHAR", "content_hash": "VARCHAR"}
        presence = [lake.presence_file(before)] if before else []
        quarantine = existing([lake.quarantine_file(before)] if before else [])
        departures = existing([lake.departures_file(before)] if before else [])
        if before:
            lake.require_intact(before, [*presence, *quarantine, *departures])
        self._define("known_versions", lake.versions_files(lake.days()), keys | section_types())
        self._define("previous_presence", presence, keys | {"read_on": "DATE"} | sweep_types())
        self._define("previous_quarantine", quarantine, keys)
        departed = {"nct_id": "VARCHAR", "departure_type": "VARCHAR"}
        self._define("previous_departures", departures, departed)

    def expected_ids(self) -> set[str]:
        """Every id the registry had on the day before; of a held day also those it said were gone."""
        doubted = "union select nct_id from previous_departures" if self.is_previous_day_held else ""
        rows = self.con.execute(f"select nct_id from previous_presence {doubted}").to_arrow_table()
        return set(rows["nct_id"].to_pylist())

    def ids_settled_on(self, day: date) -> set[str]:
        """Ids of which a landed day knows what they are: listed, or gone after the registry was asked."""
        files = [self.lake.presence_file(day), self.lake.departures_file(day)]
        known = [str(file) for file in existing(files)]
        rows = self.con.execute(f"select nct_id from read_parquet({known}, union_by_name = true)")
        return set(rows.to_arrow_table()["nct_id"].to_pylist())

    def _define(self, view: str, files: list[Path], columns: dict[str, str]) -> None:
        """A view over Parquet files, or an empty one of the same columns where there are none yet."""
        if files:
            source = f"read_parquet({[str(file) for file in files]}, union_by_name = true)"
            self.con.execute(f"create temp view {view} as select * from {source}")
            return
        empty = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in columns.items())
        self.con.execute(f"create temp view {view} as select {empty} limit 0")
