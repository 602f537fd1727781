"""The typed record: the nested DuckDB type that every record of the registry is loaded into.

`record_type.json` beside this file is the type as a tree: an object is a struct, a one-item list is a list,
a word is a DuckDB type. It is made from the registry's own field tree (`/studies/metadata`) by

    trialhouse record-type studies_metadata.json ctg-oas.yaml

and holds every field of that tree. A field it does not hold never breaks a load and stays in the raw record.
`record_enums.json`, made by the same command from the registry's OpenAPI description, names the codes of
every field that has a list of them.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

RECORD_TYPE_FILE = Path(__file__).with_name("record_type.json")
RECORD_ENUMS_FILE = Path(__file__).with_name("record_enums.json")

LARGEST_RECORD_BYTES = 64 * 1024 * 1024

TypeTree = dict[str, Any]

SCALAR_TYPES = {
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
    "long": "BIGINT",
    "number": "BIGINT",
}
GEO_POINT = {"lat": "DOUBLE", "lon": "DOUBLE"}

# Real records carry this since 2025; the field tree of 2024-10-03 does not know it.
SEEN_SINCE: TypeTree = {
    "derivedSection": {
        "miscInfoModule": {"modelPredictions": {"bmiLimits": {"minBmi": "DOUBLE", "maxBmi": "DOUBLE"}}}
    }
}


def record_type_of(field_tree: Iterable[dict[str, Any]]) -> TypeTree:
    """Turn the registry's field tree (a list of nodes with name, type, children) into a type tree."""
    return _merged({node["name"]: _type_of(node) for node in field_tree}, SEEN_SINCE)


def _type_of(node: dict[str, Any]) -> Any:
    base = node["type"].removesuffix("[]")
    if base == "GeoPoint":
        item: Any = GEO_POINT
    elif "children" in node:
        item = {child["name"]: _type_of(child) for child in node["children"]}
    else:
        item = SCALAR_TYPES.get(base, "VARCHAR")
    return [item] if node["type"].endswith("[]") else item


def _merged(tree: TypeTree, additions: TypeTree) -> TypeTree:
    merged = dict(tree)
    for name, addition in additions.items():
        known = merged.get(name)
        merged[name] = _merged(known, addition) if isinstance(known, dict) else addition
    return merged


@cache
def load_record_type() -> TypeTree:
    """The committed type tree."""
    tree: TypeTree = json.loads(RECORD_TYPE_FILE.read_text())
    return tree


def duckdb_type(node: Any) -> str:
    """The DuckDB type of one node of the type tree."""
    if isinstance(node, dict):
        return "STRUCT(" + ", ".join(f'"{name}" {duckdb_type(item)}' for name, item in node.items()) + ")"
    if isinstance(node, list):
        return duckdb_type(node[0]) + "[]"
    return str(node)


def section_types() -> dict[str, str]:
    """DuckDB type by top-level section of a record."""
    return {name: duckdb_type(node) for name, node in load_record_type().items()}


def typed_records(pages: list[Path]) -> str:
    """SQL table expression: the records in files of JSON lines, one column a top-level section."""
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in section_types().items())
    files = [str(page) for page in pages]
    return (
        f"read_json({files}, format = 'newline_delimited', columns = {{{columns}}}, "
        f"maximum_object_size = {LARGEST_RECORD_BYTES}, hive_partitioning = false)"
    )


@cache
def load_record_enums() -> dict[str, list[str]]:
    """The codes of every coded field, by its dotted path."""
    enums: dict[str, list[str]] = json.loads(RECORD_ENUMS_FILE.read_text())
    return enums


def leaf_paths(node: Any, path: str = "") -> Iterator[str]:
    """Dotted paths of every leaf of a type tree; lists add nothing to a path."""
    if isinstance(node, list):
        yield from leaf_paths(node[0], path)
    elif isinstance(node, dict):
        for name, item in node.items():
            yield from leaf_paths(item, f"{path}.{name}" if path else name)
    else:
        yield path


def record_enums_of(field_tree: Iterable[dict[str, Any]], schemas: dict[str, Any]) -> dict[str, list[str]]:
    """Codes by path, from the field tree and the `components.schemas` of the OpenAPI description."""
    enums: dict[str, list[str]] = {}
    for node in field_tree:
        if node.get("isEnum"):
            enums[node["name"]] = schemas[node["type"].removesuffix("[]")]["enum"]
        below = record_enums_of(node.get("children", []), schemas)
        enums |= {f"{node['name']}.{path}": codes for path, codes in below.items()}
    return enums


def write_record_type(field_tree_file: Path, openapi_file: Path) -> list[Path]:
    """Regenerate both files from an answer of `/studies/metadata` and the OpenAPI description (YAML)."""
    import yaml

    field_tree = json.loads(field_tree_file.read_text())
    schemas = yaml.safe_load(openapi_file.read_text())["components"]["schemas"]
    RECORD_TYPE_FILE.write_text(json.dumps(record_type_of(field_tree), indent=1) + "\n")
    RECORD_ENUMS_FILE.write_text(json.dumps(record_enums_of(field_tree, schemas), indent=1) + "\n")
    return [RECORD_TYPE_FILE, RECORD_ENUMS_FILE]
