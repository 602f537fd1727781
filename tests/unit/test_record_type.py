"""The typed record against the registry's field tree and real records."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import duckdb

from builders import real_data
from trialhouse.record_type import duckdb_type, load_record_type, record_type_of, typed_records


def leaf_paths(node: Any, path: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for name, item in node.items():
            yield from leaf_paths(item, f"{path}.{name}")
    elif isinstance(node, list):
        for item in node:
            yield from leaf_paths(item, path)
    else:
        yield path


def test_nested_lists_and_structs_become_duckdb_types() -> None:
    tree = {"a": "BIGINT", "b": [{"c": ["VARCHAR"]}]}
    assert duckdb_type(tree) == 'STRUCT("a" BIGINT, "b" STRUCT("c" VARCHAR[])[])'
    with duckdb.connect() as con:
        con.execute(f"select cast(null as {duckdb_type(load_record_type())})")


def test_the_committed_type_is_what_the_field_tree_gives() -> None:
    tree = json.loads(real_data("apidocs/studies_metadata_2024-10-03.json").read_text())
    assert record_type_of(tree) == load_record_type()


def test_every_leaf_of_every_real_record_has_a_place() -> None:
    known = set(leaf_paths(load_record_type()))
    unplaced = set()
    for file in sorted(real_data("ctgov").rglob("*.jsonl.gz")):
        with gzip.open(file) as lines:
            for line in lines:
                unplaced |= set(leaf_paths(json.loads(line))) - known
    assert unplaced == set()


def test_an_unknown_field_never_breaks_a_load(tmp_path: Any) -> None:
    file = tmp_path / "page.jsonl"
    file.write_text('{"hasResults": true, "neverSeen": {"a": [1]}, "protocolSection": {"newModule": {}}}\n')
    with duckdb.connect() as con:
        rows = con.execute(f"select hasResults, protocolSection from {typed_records([file])}").fetchall()
    assert rows[0][0] is True
