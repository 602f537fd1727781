"""`trialhouse describe`: a table in the words of the file itself."""

from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from trialhouse.cli import app
from trialhouse.cli_describe import first_sentence, laid_out
from trialhouse.errors import SettingsInvalid

RUN = CliRunner()

TABLES = """
create schema marts; create schema aact; create schema personal; create schema workshop;
create table marts.dim_trials (nct_id varchar, follow_up_days bigint, phases varchar[], note varchar);
comment on table marts.dim_trials is 'One row a trial. Grain: nct_id.';
comment on column marts.dim_trials.nct_id is 'Trial.';
comment on column marts.dim_trials.follow_up_days is 'How long. Source: `a.b.days`. Unit: days.';
comment on column marts.dim_trials.phases is 'Phase codes; NA is not NULL. Source: `a.phases`.';
create table marts.conditions (name varchar);
create view aact.studies as select nct_id from marts.dim_trials;
comment on view aact.studies is 'AACT''s studies. Made of dim_trials.';
comment on column aact.studies.nct_id is 'Trial. Source: `a.nctId`.';
create view aact.conditions as select * from marts.conditions;
create table personal.fct_contacts (name varchar);
create table workshop.tools (name varchar);
"""


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALHOUSE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")


@pytest.fixture
def published(tmp_path: Path) -> Path:
    file = tmp_path / "warehouse" / "trials.duckdb"
    file.parent.mkdir()
    with duckdb.connect(str(file)) as con:
        con.execute(TABLES)
    return file


def described(*arguments: str) -> list[str]:
    answer = RUN.invoke(app, ["describe", *arguments])
    assert answer.exit_code == 0, answer.output
    return answer.output.splitlines()


def refused(*arguments: str) -> str:
    answer = RUN.invoke(app, ["describe", *arguments])
    assert answer.exit_code == SettingsInvalid.exit_code
    return answer.output


@pytest.mark.usefixtures("published")
def test_a_table_is_told_with_path_and_unit_in_their_own_columns() -> None:
    assert described("dim_trials") == [
        "marts.dim_trials (table)",
        "One row a trial. Grain: nct_id.",
        "",
        "column          type       meaning                       registry path  unit",
        "nct_id          varchar    Trial.",
        "follow_up_days  bigint     How long.                     a.b.days       days",
        "phases          varchar[]  Phase codes; NA is not NULL.  a.phases",
        "note            varchar",
    ]


@pytest.mark.usefixtures("published")
def test_a_view_is_found_by_its_name_with_or_without_the_schema() -> None:
    assert described("aact.studies") == described("STUDIES")
    assert described("studies")[:2] == ["aact.studies (view)", "AACT's studies. Made of dim_trials."]
    assert described("studies")[-1].split() == ["nct_id", "varchar", "Trial.", "a.nctId"]


@pytest.mark.usefixtures("published")
def test_of_one_name_in_two_schemas_the_mart_comes_first_and_names_the_other() -> None:
    lines = described("conditions")
    assert lines[0] == "marts.conditions (table)"
    assert lines[-1] == "Also of this name: aact.conditions"
    assert described("aact.conditions")[0] == "aact.conditions (view)"
    assert "Also" not in described("aact.conditions")[-1]


@pytest.mark.usefixtures("published")
def test_without_a_table_all_are_listed_by_schema_with_a_sentence() -> None:
    assert described() == [
        "marts",
        "  conditions",
        "  dim_trials    One row a trial.",
        "",
        "personal",
        "  fct_contacts",
        "",
        "aact",
        "  conditions",
        "  studies       AACT's studies.",
        "",
        "workshop",
        "  tools",
    ]


@pytest.mark.usefixtures("published")
def test_an_unknown_table_gets_the_nearest_names() -> None:
    assert "no table or view 'dim_trails'; the nearest are marts.dim_trials" in refused("dim_trails")
    assert "the nearest are aact.studies" in refused("aact.study")
    assert "`trialhouse describe` lists what there is" in refused("zzz")


def test_another_file_can_be_told_of(published: Path, tmp_path: Path) -> None:
    other = published.rename(tmp_path / "other.duckdb")
    assert described("dim_trials", "--file", str(other))[0] == "marts.dim_trials (table)"
    assert "nothing is published" in refused("dim_trials")


def test_a_file_that_is_no_database_is_a_plain_answer(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database " * 1000)
    assert "cannot be read" in refused("--file", str(tmp_path / "notes.txt"))


def test_a_file_without_tables_lists_nothing(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    assert described("--file", str(tmp_path / "empty.duckdb")) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", ""),
        ("One. Two.", "One."),
        ("Version 1.2 only. Two.", "Version 1.2 only."),
        ("No stop", "No stop"),
    ],
)
def test_the_first_sentence_ends_at_a_stop_before_a_blank(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def test_a_narrow_screen_wraps_the_meaning_and_nothing_is_lost() -> None:
    meaning = "A meaning of many words that does not fit on the line of a narrow screen."
    lines = list(
        laid_out([("column", "type", "meaning", "path", "unit"), ("a", "date", meaning, "b", "")], 64)
    )
    assert len(lines) == 3
    assert all(len(line) <= 64 for line in lines)
    assert " ".join(line[14:52].strip() for line in lines[1:]) == meaning
