"""`docs/data_dictionary.md`, made from the descriptions in the dbt project: one place for every word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from trialhouse.settings import PROJECT

DBT_PROJECT = PROJECT / "dbt_project"
DICTIONARY_FILE = PROJECT / "docs" / "data_dictionary.md"

# As a reader meets them; a folder that is not named here comes after these.
MARTS_FOLDERS = ("trials", "protocol", "results", "history", "reports")

HEAD = """# Data dictionary

Made by `make docs` from the dbt project; the same words are comments in the published file, where
`trialhouse describe` shows them. A registry path is where a value stands in the registry's record.
"""
COLUMNS = ("column", "type", "meaning", "registry path", "unit")

_SOURCE = re.compile(r"\s*\bSource: (`[^`]+`(?:[^`.]{1,9}`[^`]+`)*|[^\s`]+?)(?:\.(?=\s|$)|$)")
_UNIT = re.compile(r"\s*\bUnit: (.+?)(?:\.(?=\s|$)|$)")

Table = dict[str, Any]


def parse_description(text: str) -> tuple[str, str | None, str | None]:
    """Meaning, registry path and unit of "Meaning. Source: `registry.path`. Unit: days."."""
    source, unit = _SOURCE.search(text), _UNIT.search(text)
    meaning = _UNIT.sub("", _SOURCE.sub("", text, count=1), count=1)
    return (
        " ".join(meaning.split()),
        source[1].replace("`", "") if source else None,
        unit[1] if unit else None,
    )


@dataclass(frozen=True, slots=True)
class Section:
    """The tables of one folder, which is a part of one schema."""

    schema: str
    folder: str
    tables: list[Table]

    @property
    def title(self) -> str:
        return f"{self.schema}: {self.folder}" if self.folder else self.schema


def data_dictionary(dbt_project: Path = DBT_PROJECT) -> str:
    """Every mart and view with its grain and every column with type, meaning, path and unit, as Markdown."""
    found = list(sections(dbt_project))
    contents = [line for section in found for line in _contents(section)]
    bodies = [line for section in found for line in _body(section)]
    return "\n".join([HEAD, *contents, *bodies])


def write_data_dictionary() -> Path:
    DICTIONARY_FILE.write_text(data_dictionary(), encoding="utf-8")
    return DICTIONARY_FILE


def sections(dbt_project: Path = DBT_PROJECT) -> Iterator[Section]:
    """Schemas marts (a section a folder), main, personal, parts and aact, as far as there are tables."""
    marts = dbt_project / "models" / "marts"
    by_folder: dict[str, list[Table]] = {name: [] for name in MARTS_FOLDERS}
    for file in sorted(marts.rglob("*.yml")):
        folder = "/".join(file.parent.relative_to(marts).parts)
        by_folder.setdefault(folder, []).extend(_models_in(file))
    others = {
        name: sorted((dbt_project / "models" / name).rglob("*.yml")) for name in ("main", "personal", "parts")
    }
    aact = sorted((dbt_project / "aact").glob("*.yml"))
    found = [
        *(Section("marts", folder, tables) for folder, tables in by_folder.items()),
        *(
            Section(schema, "", [table for file in files for table in _models_in(file)])
            for schema, files in others.items()
        ),
        Section("aact", "", [table for file in aact for table in _tables_in(file, "views")]),
    ]
    return (section for section in found if section.tables)


def _models_in(file: Path) -> list[Table]:
    """Models whose SQL is beside; a folder's YAML may describe a helper of another layer too."""
    return [table for table in _tables_in(file, "models") if file.with_name(f"{table['name']}.sql").exists()]


def _tables_in(file: Path, key: str) -> list[Table]:
    # The C loader reads these two thousand lines ten times faster than the plain one.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: dict[str, list[Table]] = yaml.load(file.read_text(encoding="utf-8"), Loader=loader) or {}
    return [{"columns": []} | table for table in content.get(key, [])]


def _contents(section: Section) -> list[str]:
    links = ", ".join(_link(table["name"], f"{section.schema}.{table['name']}") for table in _sorted(section))
    return [f"- {_link(section.title, section.title)}: {links}"]


def _link(text: str, heading: str) -> str:
    """A link to a heading, by the anchor that GitHub gives it."""
    anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
    return f"[{text}](#{anchor})"


def _body(section: Section) -> list[str]:
    tables = [_table(f"{section.schema}.{table['name']}", table) for table in _sorted(section)]
    return [f"\n## {section.title}\n", *tables]


def _sorted(section: Section) -> list[Table]:
    return sorted(section.tables, key=lambda table: str(table["name"]))


def _table(name: str, table: Table) -> str:
    rows = [_row(column) for column in table["columns"]]
    head = [_cells(*COLUMNS), "|" + "---|" * len(COLUMNS)] if rows else []
    return "\n".join([f"### {name}\n", f"{' '.join(table['description'].split())}\n", *head, *rows, ""])


def _row(column: dict[str, Any]) -> str:
    meaning, path, unit = parse_description(column["description"])
    return _cells(column["name"], column["data_type"], meaning, f"`{path}`" if path else "", unit or "")


def _cells(*texts: str) -> str:
    return "|" + "|".join(f" {text} ".replace("|", "\\|") if text else " " for text in texts) + "|"
