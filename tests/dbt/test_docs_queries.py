"""What README and docs/query.md tell readers to type, typed: Python and SQL, on a built file."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from trialhouse.settings import PROJECT, Settings

PAGES = ("README.md", "docs/query.md")
FILE = "data/warehouse/trials.duckdb"


def found(pattern: str) -> list[str]:
    texts = [(PROJECT / page).read_text(encoding="utf-8") for page in PAGES]
    return [match for text in texts for match in re.findall(pattern, text, re.MULTILINE | re.DOTALL)]


@pytest.fixture
def _in_a_checkout(built_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a file and a Parquet table where the pages say they are."""
    file = tmp_path / FILE
    (file.parent / "parquet").mkdir(parents=True)
    shutil.copyfile(built_home.build_file, file)
    monkeypatch.chdir(tmp_path)
    with duckdb.connect(str(file), read_only=True) as con:
        con.execute("copy marts.dim_trials to 'data/warehouse/parquet/dim_trials.parquet'")


@pytest.mark.usefixtures("_in_a_checkout")
def test_every_piece_of_python_runs(capfd: pytest.CaptureFixture[str]) -> None:
    pieces = found(r"^```python\n(.*?)^```")
    assert len(pieces) == 3
    for piece in pieces:
        exec(piece, {})
    assert "RECRUITING" in capfd.readouterr().out


@pytest.mark.usefixtures("_in_a_checkout")
def test_every_query_on_a_command_line_runs() -> None:
    by_us, by_duckdb = found(r"trialhouse sql \"(.*?)\""), found(rf"duckdb -readonly {FILE} \"(.*?)\"")
    assert (len(by_us), len(by_duckdb)) == (4, 2)
    with duckdb.connect(FILE, read_only=True) as con:
        for query in by_duckdb:
            con.execute(query).fetchall()
        con.execute("set schema = 'marts'")
        for query in by_us:
            con.execute(query).fetchall()


@pytest.mark.usefixtures("_in_a_checkout")
def test_a_file_attached_under_a_name_answers() -> None:
    (script,) = found(r"^```sql\n(.*?)^```")
    with duckdb.connect() as con:
        assert con.execute(script).fetchall() != []


@pytest.mark.usefixtures("_in_a_checkout")
def test_a_connection_keeps_the_file_it_opened_until_all_of_its_process_are_closed() -> None:
    days = "select count(*) from marts.dim_snapshots"
    with duckdb.connect(FILE, read_only=True) as con:
        before = con.execute(days).fetchall()
        newer = Path(FILE).with_name("next.duckdb")
        shutil.copyfile(FILE, newer)
        with duckdb.connect(str(newer)) as writer:
            writer.execute("delete from marts.dim_snapshots")
        newer.replace(FILE)
        assert con.execute(days).fetchall() == before
        with duckdb.connect(FILE, read_only=True) as beside:
            assert beside.execute(days).fetchall() == before
    with duckdb.connect(FILE, read_only=True) as con:
        assert con.execute(days).fetchall() == [(0,)] != before
