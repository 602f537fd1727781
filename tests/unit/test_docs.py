"""What the pages promise: links lead somewhere, every page, setting, command and error is named."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trialhouse import errors
from trialhouse.cli import app
from trialhouse.errors import TrialhouseError
from trialhouse.settings import PROJECT

DOCS = PROJECT / "docs"
PAGES = sorted([*PROJECT.glob("*.md"), *DOCS.rglob("*.md"), PROJECT / "queries" / "README.md"])
KINDS = {error.__name__: error.exit_code for error in TrialhouseError.__subclasses__()}
RUNBOOK = (DOCS / "runbook.md").read_text(encoding="utf-8")
RUNNING = (DOCS / "running.md").read_text(encoding="utf-8")
# dbt's profile is told these by ourselves; a person sets none of them.
INTERNAL = {f"TRIALHOUSE_{name}" for name in ("BUILD_FILE", "SCRATCH_FILE", "SPILL_FOLDER", "MEMORY_LIMIT")}


def anchors(page: Path) -> set[str]:
    """Those that GitHub gives to a page's headings."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_of_a_page_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if link.startswith("http"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_index_names_every_page_and_every_decision_once() -> None:
    linked = re.findall(r"^\| \[[^]]+\]\(([^)]+)\)", (DOCS / "README.md").read_text(), re.MULTILINE)
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"README.md"}
    assert sorted(linked) == sorted(pages)


def test_every_setting_has_its_row_and_every_row_its_setting() -> None:
    files = [*(PROJECT / "include" / "trialhouse").rglob("*.py"), *(PROJECT / "dashboards").glob("*.py")]
    code = "".join(file.read_text() for file in files)
    read = set(re.findall(r"\"(TRIALHOUSE_[A-Z_]+)\"", code)) - INTERNAL
    assert set(re.findall(r"^\| `(TRIALHOUSE_\w+)`", RUNNING, re.MULTILINE)) == read


def test_every_command_that_the_pages_name_exists() -> None:
    named = set(
        re.findall(r"`(?:\.venv/bin/)?trialhouse ([a-z-]+)", "".join(page.read_text() for page in PAGES))
    )
    assert len(named) >= 15
    for command in named:
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0, command


def test_every_command_is_on_the_page_about_running() -> None:
    help_text = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    commands = set(re.findall(r"^[│ ] +([a-z][a-z-]+) {2,}", help_text, re.MULTILINE))
    assert len(commands) >= 20
    named = {word for words in re.findall(r"`([a-z][a-z -]+)", RUNNING) for word in words.split()}
    assert commands - named == set()


# ---------- the runbook


def test_every_error_has_its_row_with_its_exit_code_once_and_in_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \((\d+)\) \|", RUNBOOK, re.MULTILINE)
    assert [(kind, int(code)) for kind, code in rows] == sorted(KINDS.items(), key=lambda item: item[1])


def test_every_error_row_says_how_it_looks_what_it_means_and_who_acts() -> None:
    rows = [line.strip("| ").split(" | ") for line in RUNBOOK.splitlines() if re.match(r"\| `\w+` \(", line)]
    assert [row[0] for row in rows if len(row) != 4 or not all(row)] == []


def test_the_tree_in_the_docstring_holds_every_error() -> None:
    assert set(re.findall(r"^[├└]── (\w+)", errors.__doc__ or "", re.MULTILINE)) == set(KINDS)
