"""The data dictionary: what a description is made of, and how many YAML files become one document."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from trialhouse import data_dictionary as dictionary
from trialhouse.data_dictionary import data_dictionary, parse_description


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Trial.", ("Trial.", None, None)),
        ("", ("", None, None)),
        ("Days. Source: `a.b`. Unit: days.", ("Days.", "a.b", "days")),
        ("Days. Unit: days.", ("Days.", None, "days")),
        ("Days. Source: a.b.", ("Days.", "a.b", None)),
        ("Days. Source: `a.b`. Unit: kg", ("Days.", "a.b", "kg")),
        ("Name. Source: `a.{b, c}.d, e.f`.", ("Name.", "a.{b, c}.d, e.f", None)),
        ("Name. Source: `a.b`, else `c.d`.", ("Name.", "a.b, else c.d", None)),
        ("When. Source: `a.b`. NULL before 2008.", ("When. NULL before 2008.", "a.b", None)),
        ("Whose. Source: our own clock.", ("Whose. Source: our own clock.", None, None)),
        ("Two\n  lines. Unit: years.", ("Two lines.", None, "years")),
    ],
)
def test_a_description_is_meaning_path_and_unit(text: str, parts: tuple[str, str | None, str | None]) -> None:
    assert parse_description(text) == parts


WORD = st.from_regex(r"[a-zA-Z]{1,9}", fullmatch=True)


@given(
    st.lists(WORD, min_size=1), st.none() | st.lists(WORD, min_size=1), st.none() | st.lists(WORD, min_size=1)
)
def test_what_was_put_together_comes_apart(
    words: list[str], names: list[str] | None, unit_words: list[str] | None
) -> None:
    meaning = " ".join(words) + "."
    path = ".".join(names) if names else None
    unit = " ".join(unit_words) if unit_words else None
    text = meaning + (f" Source: `{path}`." if path else "") + (f" Unit: {unit}." if unit else "")
    assert parse_description(text) == (meaning, path, unit)


def write_table(file: Path, key: str, name: str, description: str = "Trial.") -> None:
    """A YAML file of one table with one column, and the SQL beside it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    column = {"name": "nct_id", "data_type": "varchar", "description": description}
    table = {"name": name, "description": f"One row a {name}. Grain: nct_id.", "columns": [column]}
    file.write_text(yaml.safe_dump({"version": 2, key: [table]}))
    file.with_name(f"{name}.sql").touch()


@pytest.fixture
def dbt_project(tmp_path: Path) -> Path:
    marts = tmp_path / "models" / "marts"
    write_table(marts / "history" / "_history__models.yml", "models", "fct_events")
    write_table(marts / "another" / "_another__models.yml", "models", "fct_others")
    write_table(
        marts / "trials" / "_trials__models.yml", "models", "dim_trials", "A|B. Source: `a|b`. Unit: %."
    )
    write_table(tmp_path / "models" / "personal" / "_personal__models.yml", "models", "fct_contacts")
    (marts / "trials" / "_trials__unit_tests.yml").write_text("unit_tests: [{name: a_claim}]\n")
    (marts / "trials" / "_empty.yml").write_text("")
    return tmp_path


def headings(text: str, level: int) -> list[str]:
    return re.findall(rf"^{'#' * level} (.*)$", text, re.MULTILINE)


def test_folders_are_chapters_in_the_order_of_a_reader(dbt_project: Path) -> None:
    text = data_dictionary(dbt_project)
    assert headings(text, 2) == ["marts: trials", "marts: history", "marts: another", "personal"]
    assert headings(text, 3) == [
        "marts.dim_trials",
        "marts.fct_events",
        "marts.fct_others",
        "personal.fct_contacts",
    ]


def test_views_of_aact_come_last_where_there_are_any(dbt_project: Path) -> None:
    write_table(dbt_project / "aact" / "views.yml", "views", "studies")
    text = data_dictionary(dbt_project)
    assert headings(text, 2)[-1] == "aact"
    assert "### aact.studies\n\nOne row a studies. Grain: nct_id.\n" in text


def test_path_and_unit_have_columns_of_their_own_and_bars_are_escaped(dbt_project: Path) -> None:
    assert "| nct_id | varchar | A\\|B. | `a\\|b` | % |" in data_dictionary(dbt_project).splitlines()
    assert "| nct_id | varchar | Trial. | | |" in data_dictionary(dbt_project).splitlines()


def test_a_helper_described_in_a_folder_of_marts_is_no_mart(dbt_project: Path) -> None:
    file = dbt_project / "models" / "marts" / "trials" / "_helpers.yml"
    write_table(file, "models", "int_helper")
    file.with_name("int_helper.sql").unlink()
    assert "int_helper" not in data_dictionary(dbt_project)


def test_every_link_of_the_contents_has_its_heading() -> None:
    text = data_dictionary()
    anchors = [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings(text, 2)]
    anchors += [re.sub(r"[^\w\- ]", "", title.lower()) for title in headings(text, 3)]
    links = re.findall(r"\]\(#([^)]*)\)", text)
    assert len(links) == len(set(anchors))
    assert set(links) == set(anchors)


def test_no_path_or_unit_of_the_project_is_left_in_a_meaning() -> None:
    rows = [line.split(" | ") for line in data_dictionary().splitlines() if line.startswith("| ")]
    assert len(rows) > 100
    assert [row for row in rows if "Source: `" in row[2] or "Unit: " in row[2]] == []


def test_writing_replaces_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "DICTIONARY_FILE", tmp_path / "data_dictionary.md")
    assert dictionary.write_data_dictionary().read_text(encoding="utf-8") == data_dictionary()
