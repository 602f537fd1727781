"""What the report of both engines calls different."""

from pathlib import Path

import duckdb
import pytest

from trialhouse.errors import BuildFailed
from trialhouse.spark.equality import rows_compared


@pytest.mark.parametrize(
    ("of_duckdb", "of_spark", "counts"),
    [
        ("(1, 'a'), (2, null)", "(2, null), (1, 'a')", (2, 2, 0, 0)),
        ("(1, 'a'), (2, null)", "(1, 'a'), (2, '')", (2, 2, 1, 1)),
        ("(1, 'a')", "(1, 'a'), (1, 'a')", (1, 2, 0, 1)),
        ("(1, 'a'), (2, 'b')", "(1.4::double, 'a'), (2, 'b')", (2, 2, 1, 1)),
    ],
    ids=["in another order", "an empty text for none", "a row twice", "a fraction beside a whole number"],
)
def test_rows_that_one_engine_alone_has_are_counted(
    tmp_path: Path, of_duckdb: str, of_spark: str, counts: tuple[int, int, int, int]
) -> None:
    with duckdb.connect() as con:
        made_by_both(con, tmp_path, f"values {of_duckdb}", f"values {of_spark}")

        assert rows_compared(con, "marts.things", tmp_path) == counts


def test_a_column_that_one_engine_alone_has_is_refused(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        made_by_both(con, tmp_path, "select 1 as a, 2 as b", "select 1 as a, 2 as b, 3 as c")

        with pytest.raises(BuildFailed, match=r"marts\.things has other columns on Spark: \['c'\]"):
            rows_compared(con, "marts.things", tmp_path)


def made_by_both(con: duckdb.DuckDBPyConnection, folder: Path, of_duckdb: str, of_spark: str) -> None:
    (folder / "marts.things").mkdir()
    con.execute(f"create schema marts; create table marts.things as {of_duckdb}")
    con.execute(f"copy ({of_spark}) to '{folder}/marts.things/part.parquet' (format parquet)")
