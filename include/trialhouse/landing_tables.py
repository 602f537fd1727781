"""What the lake knew before the day that is being landed."""

from datetime import date

import duckdb

from trialhouse.lake import Lake, existing
from trialhouse.presence import described_presence, parquet_rows, presence_rows, version_rows

KEY_TYPES = {"nct_id": "VARCHAR", "content_hash": "VARCHAR"}
DEPARTURE_TYPES = {"nct_id": "VARCHAR", "departure_type": "VARCHAR"}


class LandingTables:
    """What the lake knew before this day, in one connection.

    Tables: known_versions (nct_id, content_hash, version_date), previous_presence (the same and read_on),
    previous_quarantine, previous_departures. Views: known_records (versions, typed and nested),
    previous_listing (previous presence with the sweep columns).
    """

    def __init__(self, lake: Lake, day: date, con: duckdb.DuckDBPyConnection, held: set[date]) -> None:
        """`held`: days that a gate holds.

        Raises:
            LakeDamaged: what the day before left is not what its manifest says.
        """
        self.lake = lake
        self.day = day
        self.con = con
        before = lake.day_before(day)
        days = [before] if before else []
        self.has_previous_day = before is not None
        self.is_previous_day_held = before in held
        quarantine = existing(lake.quarantine_file(each) for each in days)
        departures = existing(lake.departures_file(each) for each in days)
        if before:
            lake.require_intact(before, [lake.presence_file(before), *quarantine, *departures])
        con.execute(f"create temp view known_records as {version_rows(lake)}")
        con.execute("""
            create temp table known_versions as
            select nct_id, content_hash, snapshot_date as version_date from known_records
        """)
        con.execute(f"create temp table previous_presence as {presence_rows(lake, days)}")
        con.execute(f"create temp table previous_quarantine as {parquet_rows(quarantine, KEY_TYPES)}")
        con.execute(f"create temp table previous_departures as {parquet_rows(departures, DEPARTURE_TYPES)}")
        if before:
            con.execute(f"create temp view previous_listing as {described_presence(lake, before)}")

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
