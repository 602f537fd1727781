"""`docs/data_dictionary.md`, made from the descriptions in the dbt project: one place for every word."""

from pathlib import Path
from typing import Any

import yaml

from trialhouse.settings import PROJECT

MARTS_FILE = PROJECT / "dbt_project" / "models" / "marts" / "_marts__models.yml"
DICTIONARY_FILE = PROJECT / "docs" / "data_dictionary.md"

HEAD = """# Data dictionary

Made by `make docs` from the dbt project; the same words are comments in the published file. All marts are in
schema `marts`.
"""


def data_dictionary() -> str:
    """Every mart with its grain and every column with type and meaning, as Markdown."""
    models: list[dict[str, Any]] = yaml.safe_load(MARTS_FILE.read_text())["models"]
    tables = [_table(model) for model in sorted(models, key=lambda model: str(model["name"]))]
    return "\n".join([HEAD, *tables])


def write_data_dictionary() -> Path:
    DICTIONARY_FILE.write_text(data_dictionary(), encoding="utf-8")
    return DICTIONARY_FILE


def _table(model: dict[str, Any]) -> str:
    rows = [
        f"| {column['name']} | {column['data_type']} | {column['description']} |"
        for column in model["columns"]
    ]
    return "\n".join(
        [
            f"## {model['name']}\n",
            f"{model['description']}\n",
            "| column | type | meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )
