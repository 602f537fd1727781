"""Which registry paths the contracts name as the source of a column."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import yaml

from trialhouse.settings import PROJECT

MODELS = PROJECT / "dbt_project" / "models"
FOLDERS = ("marts", "personal")

_SOURCE = re.compile(r"Source: `([^`]*)`")
_CHOICE = re.compile(r"\{([^{}]*)\}|\[([^\[\]]*)\]")
_COMMA_OUTSIDE_BRACES = re.compile(r",\s*(?![^{]*\})")
_STRUCT_FIELD = re.compile(r"[(,]\s*(\w+) \w+")


@cache
def _models() -> dict[str, dict[str, Any]]:
    files = [file for folder in FOLDERS for file in sorted((MODELS / folder).rglob("_*__models.yml"))]
    models = [model for file in files for model in yaml.safe_load(file.read_text())["models"]]
    return {model["name"]: model for model in models}


@cache
def contracts() -> dict[str, dict[str, dict[str, Any]]]:
    """The contract of each mart: its columns by name."""
    return {
        mart: {column["name"]: column for column in model.get("columns", [])}
        for mart, model in _models().items()
    }


def grain_of(mart: str) -> list[str]:
    """The columns that tell a row of the mart from every other."""
    return list(_models()[mart]["config"]["meta"]["grain"])


@cache
def named_paths() -> frozenset[str]:
    """Every path that a column's description names, in full."""
    columns = [column for mart in contracts().values() for column in mart.values()]
    return frozenset(path for column in columns for path in _paths_of(column))


def _paths_of(column: dict[str, Any]) -> Iterator[str]:
    """A column of structs holds the leaves below its path that are named like its fields."""
    data_type = column["data_type"]
    fields = _STRUCT_FIELD.findall(data_type) if data_type.startswith("struct") else []
    for source in _SOURCE.findall(column["description"]):
        for path in expanded(source):
            yield path
            yield from (f"{path}.{field}" for field in fields)


def expanded(source: str) -> list[str]:
    """The full paths of a source: `a.{b, c}.d`, lists `a, b` and optional parts `[a.]` written out."""
    return [path for part in _COMMA_OUTSIDE_BRACES.split(source) for path in _choices_of(part.strip())]


def _choices_of(path: str) -> list[str]:
    found = _CHOICE.search(path)
    if not found:
        return [path]
    before, after = path[: found.start()], path[found.end() :]
    choices = ["", found[2]] if found[1] is None else [name.strip() for name in found[1].split(",")]
    return [whole for choice in choices for whole in _choices_of(before + choice + after)]


def paths_without_column(record_type_paths: Iterable[str]) -> list[str]:
    """The leaf paths that no column names; a whole module or list names none of its leaves."""
    return [path for path in record_type_paths if path not in named_paths()]
