"""60 000 grown records in a warehouse: nothing is lost where batches meet, every row is the record's."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from bench.corpus import nct_id_of, record, templates, write_corpus
from bench.corpus_registry import FIRST_DAY
from bench.whole_registry import land
from integration import criteria_oracle, marts_oracle
from trialhouse import raw_tables
from trialhouse.settings import load_settings
from trialhouse.warehouse import build_marts

SIZE = int(os.environ.get("SIZE", "60000"))
TRIALS_A_BATCH = 20_000
TRIALS_BESIDE_A_BORDER = 500

pytestmark = pytest.mark.torture


@pytest.fixture(scope="module")
def build_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The marts of SIZE records, landed from pages on disk and built."""
    home = tmp_path_factory.mktemp("grown")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIALHOUSE_HOME", str(home))
        patch.setenv("TRIALHOUSE_REGISTRY_NAME", "corpus")
        patch.setattr(raw_tables, "TRIALS_A_BATCH", TRIALS_A_BATCH)
        write_corpus(home / "corpus", SIZE)
        land(FIRST_DAY)
        build_marts(load_settings(), FIRST_DAY)
        yield load_settings().build_file


def test_every_copy_of_a_record_has_as_many_rows_in_every_mart_of_records(build_file: Path) -> None:
    marts = sorted(marts_oracle.ROWS_OF_MART)
    with duckdb.connect(str(build_file), read_only=True) as con:
        assert con.execute("select count(*) from marts.dim_trials").fetchall() == [(SIZE,)]
        uneven = {mart: _templates_with_uneven_copies(con, mart) for mart in marts}
    assert len(marts) >= 26
    assert uneven == dict.fromkeys(marts, 0)


def _templates_with_uneven_copies(con: duckdb.DuckDBPyConnection, mart: str) -> int:
    found = con.execute(f"""
        with counted as (
            select
                trials.nct_id[5:]::integer % {len(templates())} as template,
                count(rows_of_mart.nct_id) as rows_count
            from marts.dim_trials as trials
            left join {_schema_of(mart)}.{mart} as rows_of_mart on trials.nct_id = rows_of_mart.nct_id
            group by trials.nct_id
        )
        select count(*) from (
            select template from counted group by template having min(rows_count) <> max(rows_count)
        )
    """).fetchall()
    return int(found[0][0])


@pytest.mark.parametrize("border", [0, *range(TRIALS_A_BATCH, SIZE, TRIALS_A_BATCH), SIZE])
def test_trials_beside_a_border_of_batches_are_what_their_records_say(build_file: Path, border: int) -> None:
    numbers = range(max(0, border - TRIALS_BESIDE_A_BORDER), min(SIZE, border + TRIALS_BESIDE_A_BORDER))
    records = [json.loads(record(number)) for number in numbers]
    with _some_trials(build_file, nct_id_of(numbers[0]), nct_id_of(numbers[-1])) as con:
        reports = marts_oracle.compare(con, records)
        found = con.execute(
            "select nct_id, criterion_kind, criterion_role, depth, item_path, criterion_text"
            " from marts.fct_trial_criteria order by all"
        ).fetchall()
    assert sum(report.rows_expected for report in reports) > 20 * len(numbers)
    assert [report for report in reports if report.rows_different] == []
    texts = [criteria_oracle.text_of(*each) for each in zip(map(nct_id_of, numbers), records, strict=True)]
    expected = [row for text in texts for row in criteria_oracle.criteria_rows(text)]
    assert sorted(map(repr, found)) == sorted(map(repr, expected))


@contextmanager
def _some_trials(file: Path, first: str, last: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in which the marts have the rows of some trials only."""
    with duckdb.connect() as con:
        con.execute(f"attach '{file}' as built (read_only)")
        con.execute("create schema marts; create schema personal")
        for mart in [*marts_oracle.ROWS_OF_MART, "fct_trial_criteria"]:
            name = f"{_schema_of(mart)}.{mart}"
            con.execute(
                f"create view {name} as from built.{name} where nct_id between '{first}' and '{last}'"
            )
        yield con


def _schema_of(mart: str) -> str:
    return "personal" if mart in marts_oracle.PERSONAL_MARTS else "marts"
