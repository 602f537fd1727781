"""The models made twice from the same landed days, by DuckDB and by Spark, and every row compared."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import duckdb

from trialhouse.errors import BuildFailed, SettingsInvalid
from trialhouse.judging import write_json
from trialhouse.lake import Lake, exclusive, remove
from trialhouse.raw_tables import create_raw_tables, create_record_tables
from trialhouse.raw_verdicts import held_days
from trialhouse.settings import PROJECT, Settings
from trialhouse.warehouse import run_dbt

PYTHON = PROJECT / ".venv-spark" / "bin" / "python"
LINES_TOLD = 15


@dataclass(frozen=True, slots=True)
class TableCompared:
    """A table of both engines: rows and seconds of each; rows that one alone has (EXCEPT ALL both ways)."""

    table: str
    duckdb_rows: int
    spark_rows: int
    only_duckdb_rows: int
    only_spark_rows: int
    duckdb_seconds: float
    spark_seconds: float

    @property
    def is_equal(self) -> bool:
        """Whether both have the same rows, each as often."""
        return self.only_duckdb_rows == self.only_spark_rows == 0


class TwinSettings(Settings):
    """The same lake and gates; what is built lies in a folder of its own."""

    @property
    def spark_folder(self) -> Path:
        """What Spark is given and makes, the report, and DuckDB's build to compare with."""
        return self.home / "spark"

    @property
    def build_folder(self) -> Path:
        """Not the build that is to be gated and published."""
        return self.spark_folder / "duckdb"


def compare_with_spark(settings: Settings) -> list[TableCompared]:
    """Build all landed days that no gate holds with DuckDB and with Spark, and compare every table.

    The published file stays. `spark/report.json` below the home keeps what is returned.

    Raises:
        SettingsInvalid: Spark's environment is not there.
        BuildFailed: nothing has landed, or an engine could not make a model.
    """
    if not PYTHON.exists():
        raise SettingsInvalid("Spark has no environment yet: `make spark` makes it and runs this")
    twin = TwinSettings(**{field.name: getattr(settings, field.name) for field in fields(settings)})
    twin.build_folder.mkdir(parents=True, exist_ok=True)
    with exclusive(twin.build_lock):
        _build_with_duckdb(twin)
        _write_inputs(twin)
        _build_with_spark(twin)
        compared = list(_compared(twin))
    write_json(
        twin.spark_folder / "report.json",
        [{field.name: getattr(one, field.name) for field in fields(one)} for one in compared],
    )
    return compared


def _build_with_duckdb(twin: TwinSettings) -> None:
    lake, held = Lake(twin.lake), held_days(twin)
    days = [day for day in lake.days() if day not in held]
    if not days:
        raise BuildFailed(f"no day has landed in {twin.lake}: run `trialhouse sync` first")
    for leftover in (twin.build_file, twin.scratch_file):
        remove(leftover)
    twin.spill_folder.mkdir(parents=True, exist_ok=True)
    create_raw_tables(twin, lake, days)
    create_record_tables(twin, lake, may_update=False)
    run_dbt(twin, ["build", "--exclude-resource-type", "unit_test", "test", "--no-write-json"])


def _write_inputs(twin: TwinSettings) -> None:
    """What the models read that no model makes, as Parquet."""
    folder = twin.spark_folder / "inputs"
    remove(folder)
    folder.mkdir(parents=True)
    with duckdb.connect(str(twin.scratch_file), read_only=True) as con:
        tables = con.execute("""
            select table_schema, table_name from information_schema.tables
            where table_schema in ('raw', 'seeds')
        """).fetchall()
        for schema, table in tables:
            con.execute(f"copy {schema}.{table} to '{folder}/{schema}.{table}.parquet' (format parquet)")


def _build_with_spark(twin: TwinSettings) -> None:
    for leftover in ("tables", "catalogue", "dbt"):
        remove(twin.spark_folder / leftover)
    program = [str(PYTHON), "-m", "trialhouse.spark.session", str(twin.spark_folder)]
    log_file = twin.spark_folder / "spark.log"
    with log_file.open("wb") as log:
        ended = subprocess.run(
            program, cwd=twin.spark_folder, env=spark_environment(), stdout=log, stderr=log, check=False
        )
    if ended.returncode:
        last = "\n".join(log_file.read_text(errors="replace").splitlines()[-LINES_TOLD:])
        raise BuildFailed(f"Spark could not make every model; {log_file} tells more:\n{last}")


def spark_environment() -> dict[str, str]:
    """The variables of a program in Spark's environment, which has no package of ours."""
    return {**os.environ, "PYTHONPATH": str(PROJECT / "include")}


def _compared(twin: TwinSettings) -> Iterator[TableCompared]:
    duckdb_seconds = {node["name"]: node["seconds"] for node in _json(twin.build_folder / "timings.json")}
    spark_results = _json(twin.spark_folder / "dbt" / "run_results.json")["results"]
    spark_seconds = {node["unique_id"].split(".")[-1]: node["execution_time"] for node in spark_results}
    with duckdb.connect(str(twin.build_file), read_only=True) as con:
        tables = con.execute("""
            select table_schema, table_name from information_schema.tables
            where table_schema in ('marts', 'parts', 'personal') order by all
        """).fetchall()
        for schema, table in tables:
            rows = rows_compared(con, f"{schema}.{table}", twin.spark_folder / "tables")
            seconds = (duckdb_seconds[table], spark_seconds[table])
            yield TableCompared(f"{schema}.{table}", *rows, *(round(each, 1) for each in seconds))


def rows_compared(con: duckdb.DuckDBPyConnection, table: str, folder: Path) -> tuple[int, int, int, int]:
    """Rows of DuckDB, of Spark, of DuckDB alone, of Spark alone.

    Where types differ both are read as the wider one, so that neither is rounded to the other.

    Raises:
        BuildFailed: the columns are not the same.
    """
    made = f"read_parquet('{folder}/{table}/*.parquet')"
    names, spark_names = (
        [row[0] for row in con.execute(f"describe from {of}").fetchall()] for of in (table, made)
    )
    if sorted(names) != sorted(spark_names):
        raise BuildFailed(f"{table} has other columns on Spark: {sorted(set(names) ^ set(spark_names))}")
    duckdb_rows = f"(select * from {table})"
    columns = ", ".join(f'"{name}"' for name in names)
    spark_rows = f"(select {columns} from {made})"
    counts = [
        con.execute(f"select count(*) from ({query})").fetchall()[0][0]
        for query in (
            f"from {duckdb_rows}",
            f"from {spark_rows}",
            f"{duckdb_rows} except all {spark_rows}",
            f"{spark_rows} except all {duckdb_rows}",
        )
    ]
    return counts[0], counts[1], counts[2], counts[3]


def _json(file: Path) -> Any:
    return json.loads(file.read_bytes())
