"""A Spark session that runs the models: inputs as tables, and dbt-spark's SQL translated on its way.

Runs in Spark's own environment (`.venv-spark`), as a program: `python -m trialhouse.spark.session FOLDER`. In
the folder: `inputs/SCHEMA.TABLE.parquet` of the landing, then what Spark makes of it. TRIALHOUSE_SPARK_MASTER
names a cluster; everything else of one is in Spark's own `spark-defaults.conf`.
"""

import os
import re
import sys
import unicodedata
from pathlib import Path

from dbt.adapters.spark import session as dbt_session
from dbt.cli.main import dbtRunner
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import pandas_udf

from trialhouse.spark.dialect import spark_query

PROJECT = Path(__file__).parents[3] / "dbt_project"
SETTINGS = {
    # What is said of the world here is UTC, and a timestamp is one without a zone.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    # As in DuckDB: a place beyond a list is null, a null list has no size.
    "spark.sql.ansi.enabled": "false",
    "spark.sql.legacy.sizeOfNull": "false",
    # Plans of a thousand lines are written into every message otherwise.
    "spark.sql.maxPlanStringLength": "1000",
    "spark.log.level": "OFF",
}
# On one machine alone; a cluster has its own.
LOCAL_SETTINGS = {
    "spark.driver.memory": "6g",
    "spark.sql.shuffle.partitions": "4",
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
WRITTEN_FOR_DUCKDB = re.compile(r"create table (\S+) as /\* written for DuckDB \*/(.*)", re.DOTALL)


class SparkTables:
    """The tables of one session, each a folder of Parquet below the warehouse folder."""

    def __init__(self, session: SparkSession, warehouse: str) -> None:
        self.session = session
        self.warehouse = warehouse

    def read(self, name: str, path: str) -> None:
        """A table `schema.name` of Parquet that is there."""
        self.session.sql(f"create schema if not exists {name.split('.')[0]}")
        self.session.sql(f"drop table if exists {name}")
        self.session.sql(f"create table {name} using parquet location '{path}'")

    def make(self, name: str, sql: str) -> DataFrame:
        """A table of a model's SQL."""
        self._write(self.query(sql), name)
        self.read(name, self._path(name))
        return self.session.table(name)

    def query(self, sql: str) -> DataFrame:
        """What a query that is written for DuckDB gives."""
        return self.session.sql(spark_query(sql, self._columns_of, self._keep))

    def _keep(self, name: str, query: str) -> None:
        self._write(self.session.sql(query), f"kept.{name}")
        self.session.read.parquet(self._path(f"kept.{name}")).createOrReplaceTempView(name)

    def _write(self, rows: DataFrame, name: str) -> None:
        rows.write.mode("overwrite").parquet(self._path(name))

    def _columns_of(self, query: str) -> list[str]:
        return list(self.session.sql(query).columns)

    def _path(self, name: str) -> str:
        return f"{self.warehouse}/{name}"


def begin_session(folder: Path) -> SparkTables:
    """The session of this process, with the landing's tables."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    master = os.environ.get("TRIALHOUSE_SPARK_MASTER", "")
    builder = SparkSession.builder.appName("trialhouse").master(master or "local[*]")
    for name, value in {**({} if master else LOCAL_SETTINGS), **SETTINGS}.items():
        builder = builder.config(name, value)
    session = builder.config("spark.sql.warehouse.dir", str(folder / "catalogue")).getOrCreate()
    session.udf.register("nfc_normalize", pandas_udf(_nfc_normalized, "string"))
    tables = SparkTables(session, str(folder / "tables"))
    for file in sorted((folder / "inputs").glob("*.parquet")):
        tables.read(file.stem, str(file))
    return tables


def translate_for(tables: SparkTables) -> None:
    """Let dbt-spark's cursor hand over what is written for DuckDB; Spark's own SQL goes its way."""

    class Cursor(dbt_session.Cursor):  # type: ignore[misc]
        """dbt-spark's cursor, which knows our mark."""

        def execute(self, sql: str, *parameters: object) -> None:
            found = WRITTEN_FOR_DUCKDB.search(sql)
            if found:
                self._df = tables.make(found[1], found[2])
            else:
                super().execute(sql, *parameters)

    dbt_session.Cursor = Cursor


def run_models(folder: Path) -> bool:
    """Every model on Spark, by dbt; whether all were made."""
    translate_for(begin_session(folder))
    arguments = ["run", "--target", "spark", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    arguments += ["--target-path", str(folder / "dbt"), "--log-path", str(folder / "logs")]
    arguments += ["--no-use-colors", "--no-send-anonymous-usage-stats", "--no-version-check"]
    outcome = dbtRunner().invoke(arguments)
    if outcome.exception:
        raise outcome.exception
    return bool(outcome.success)


def _nfc_normalized(texts):  # type: ignore[no-untyped-def]
    return texts.map(lambda text: unicodedata.normalize("NFC", text), na_action="ignore")


if __name__ == "__main__":
    sys.exit(0 if run_models(Path(sys.argv[1])) else 1)
