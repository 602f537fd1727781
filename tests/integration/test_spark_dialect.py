"""The differences between the engines that models meet: one query asked of both has the same answer."""

import json
import re
import subprocess
from pathlib import Path

import duckdb
import pytest

from trialhouse.spark.equality import PYTHON, spark_environment

GIVEN = (
    "(values ('a', 1, 'x'), ('a', 2, null), ('a', 3, 'y'), ('b', 1, null), ('b', null, 'z')) as t (k, n, v)"
)
ASKED = Path(__file__).with_name("spark_queries.sql").read_text().split("\n\n-- ")[1:]
QUERIES = {
    name: re.sub(r"\bgiven\b", GIVEN, query) for name, query in (asked.split("\n", 1) for asked in ASKED)
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    if not PYTHON.exists():
        pytest.skip("Spark was not asked: it has no environment here (make .venv-spark/.ready says why)")
    folder = tmp_path_factory.mktemp("spark")
    script, written = Path(__file__).with_name("spark_answers.py"), folder / "answers.json"
    ended = subprocess.run(
        [str(PYTHON), str(script), str(folder), str(written)],
        input=json.dumps(list(QUERIES.values())),
        env=spark_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    return dict(zip(QUERIES, json.loads(written.read_text()), strict=True))


@pytest.mark.parametrize("name", QUERIES)
def test_both_engines_answer_alike(name: str, answers: dict[str, list[object]]) -> None:
    with duckdb.connect() as con:
        rows = con.execute(f"select to_json(t)::varchar from ({QUERIES[name]}) as t").fetchall()

    assert rows
    assert in_some_order(answers[name]) == in_some_order([json.loads(row) for (row,) in rows])


def in_some_order(rows: list[object]) -> list[str]:
    """Spark's JSON leaves out a field that is null."""
    return sorted(json.dumps(without_nulls(row), sort_keys=True) for row in rows)


def without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {name: without_nulls(field) for name, field in value.items() if field is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value
