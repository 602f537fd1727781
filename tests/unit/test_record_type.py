"""The typed record against the registry's field tree and real records, of today's shape and of older ones."""

import gzip
import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builders import MONDAY, MadeUpRegistry, Record, a_study, home_of, real_data
from trialhouse import record_type
from trialhouse.drift import UNKNOWN_FIELD
from trialhouse.lake import Lake
from trialhouse.record_check import check_record
from trialhouse.record_type import (
    RECORD_ENUMS_FILE,
    RECORD_TYPE_FILE,
    duckdb_type,
    leaf_paths,
    load_record_type,
    record_type_of,
    typed_records,
    write_record_type,
)
from trialhouse.settings import Settings
from trialhouse.sync import sync_day

FIELD_TREE, OPENAPI = "apidocs/studies_metadata_2024-10-03.json", "apidocs/ctg-oas-v2.0.5.yaml"
KNOWN_LEAVES = set(leaf_paths(load_record_type()))


# ---------- the type and how it is made


def test_nested_lists_and_structs_become_duckdb_types() -> None:
    tree = {"a": "BIGINT", "b": [{"c": ["VARCHAR"]}]}
    assert duckdb_type(tree) == 'STRUCT("a" BIGINT, "b" STRUCT("c" VARCHAR[])[])'
    with duckdb.connect() as con:
        con.execute(f"select cast(null as {duckdb_type(load_record_type())})")


def test_the_committed_type_is_what_the_field_tree_gives() -> None:
    tree = json.loads(real_data(FIELD_TREE).read_text())
    assert record_type_of(tree) == load_record_type()


def test_the_committed_files_are_what_the_command_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = [RECORD_TYPE_FILE.read_bytes(), RECORD_ENUMS_FILE.read_bytes()]
    monkeypatch.setattr(record_type, "RECORD_TYPE_FILE", tmp_path / "record_type.json")
    monkeypatch.setattr(record_type, "RECORD_ENUMS_FILE", tmp_path / "record_enums.json")
    written = write_record_type(real_data(FIELD_TREE), real_data(OPENAPI))
    assert [file.read_bytes() for file in written] == committed


# ---------- every leaf has a place or is reported


def leaves_of(record: Record) -> set[str]:
    """Dotted paths of the values of a record, list positions left out."""
    leaves, nodes = set(), list[tuple[str, Any]]([("", record)])
    while nodes:
        path, node = nodes.pop()
        if isinstance(node, dict):
            nodes += [(f"{path}.{name}" if path else name, item) for name, item in node.items()]
        elif isinstance(node, list):
            nodes += [(path, item) for item in node]
        else:
            leaves.add(path)
    return leaves


def without_a_place(record: Record) -> set[str]:
    return leaves_of(record) - KNOWN_LEAVES


def snapshot_records() -> Iterator[Record]:
    files = sorted(real_data("ctgov").rglob("*.jsonl.gz"))
    assert files
    for file in files:
        with gzip.open(file) as lines:
            yield from map(json.loads, lines)


def records_of_the_history_interface() -> list[Record]:
    files = sorted(real_data("history").glob("*.json"))
    assert files
    return [json.loads(file.read_text())["study"] for file in files]


def test_every_leaf_of_every_real_record_has_a_place() -> None:
    assert set().union(*map(without_a_place, snapshot_records())) == set()


def test_every_leaf_of_the_history_interface_has_a_place() -> None:
    assert set().union(*map(without_a_place, records_of_the_history_interface())) == set()


def reported(settings: Settings) -> set[tuple[str, int, str]]:
    """Unknown fields of the landed Monday: path, records with it, one of them."""
    drift = Lake(settings.lake).manifest(MONDAY).drift
    return {
        (each.path, each.records_count, each.example_nct_id) for each in drift if each.kind == UNKNOWN_FIELD
    }


def test_landing_real_records_reports_exactly_the_leaves_without_a_place(tmp_path: Path) -> None:
    records = records_of_the_history_interface()
    odd = deepcopy(records[0])
    odd["protocolSection"]["designModule"]["isMadeUp"] = True
    for group in odd["protocolSection"]["armsInterventionsModule"]["armGroups"]:
        group["colour"] = "blue"
    records[0] = odd
    assert without_a_place(odd) == {
        "protocolSection.designModule.isMadeUp",
        "protocolSection.armsInterventionsModule.armGroups.colour",
    }
    nct_id = odd["protocolSection"]["identificationModule"]["nctId"]
    with home_of(MadeUpRegistry({MONDAY: records}), tmp_path) as settings:
        sync_day(settings, MONDAY)
        assert reported(settings) == {(path, 1, nct_id) for path in without_a_place(odd)}
        assert Lake(settings.lake).manifest(MONDAY).quarantined_count == 0


DEPTHS: dict[str, dict[str, Any]] = {
    "top": {"madeUp": 1},
    "section": {"protocolSection": {"madeUp": "text"}},
    "module": {"protocolSection": {"conditionsModule": {"madeUp": [1, 2]}}},
    "struct": {"protocolSection": {"designModule": {"enrollmentInfo": {"madeUp": None}}}},
    "list item": {"protocolSection": {"armsInterventionsModule": {"armGroups": [{}, {"madeUp": 0.5}]}}},
    "struct in list": {
        "protocolSection": {
            "contactsLocationsModule": {"locations": [{"city": "Berlin", "geoPoint": {"madeUp": 1.5}}]}
        }
    },
    "list in list": {
        "protocolSection": {"contactsLocationsModule": {"locations": [{"contacts": [{"madeUp": True}]}]}}
    },
    "results": {
        "resultsSection": {
            "outcomeMeasuresModule": {"outcomeMeasures": [{"classes": [{"categories": [{"madeUp": "x"}]}]}]}
        }
    },
}


def joined(record: Record, addition: Record) -> Record:
    """The record with the addition merged into its objects."""
    whole = dict(record)
    for name, value in addition.items():
        known = whole.get(name)
        whole[name] = joined(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return whole


def test_an_unknown_leaf_at_every_depth_is_reported(tmp_path: Path) -> None:
    records = {
        f"NCT9000000{number}": joined(a_study(f"NCT9000000{number}"), addition)
        for number, addition in enumerate(DEPTHS.values())
    }
    unplaced = {nct_id: without_a_place(record) for nct_id, record in records.items()}
    assert [len(paths) for paths in unplaced.values()] == [1] * len(DEPTHS)
    with home_of(MadeUpRegistry({MONDAY: records.values()}), tmp_path) as settings:
        sync_day(settings, MONDAY)
        assert reported(settings) == {
            (path, 1, nct_id) for nct_id, paths in unplaced.items() for path in paths
        }
        assert Lake(settings.lake).manifest(MONDAY).studies_count == len(DEPTHS)


def objects_of(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[bool]]]:
    """Every object of the type tree: the names down to it, and which of them are lists."""
    below = node[0] if isinstance(node, list) else node
    if isinstance(below, dict):
        yield path, []
        for name, item in below.items():
            for names, lists in objects_of(item):
                yield (name, *names), [isinstance(item, list), *lists]


def test_no_object_of_the_type_hides_an_unknown_leaf() -> None:
    objects = list(objects_of(load_record_type()))
    assert len(objects) > 100
    for names, lists in objects:
        addition: Any = {"madeUp": "text"}
        for name, is_list in zip(reversed(names), reversed(lists), strict=True):
            addition = {name: [addition] if is_list else addition}
        checked = check_record(json.dumps(joined(a_study(), addition)).encode())
        assert checked.unknown_fields == (".".join([*names, "madeUp"]),)


def test_an_unknown_field_never_breaks_a_load(tmp_path: Path) -> None:
    file = tmp_path / "page.jsonl"
    file.write_text('{"hasResults": true, "neverSeen": {"a": [1]}, "protocolSection": {"newModule": {}}}\n')
    with duckdb.connect() as con:
        rows = con.execute(f"select hasResults, protocolSection from {typed_records([file])}").fetchall()
    assert rows[0][0] is True


# ---------- old and new shapes

MESHES = {"meshes": [{"id": "D006973", "term": "Hypertension"}]}
OLD_DERIVED: dict[str, Any] = {
    "miscInfoModule": {"versionHolder": "2023-01-01"},
    "conditionBrowseModule": {
        **MESHES,
        "browseLeaves": [
            {"id": "M1", "name": "Hypertension", "asFound": "Hypertension", "relevance": "HIGH"}
        ],
        "browseBranches": [{"abbrev": "BC14", "name": "Heart and Blood Diseases"}],
    },
}
NEW_DERIVED = {
    "miscInfoModule": {
        "versionHolder": "2026-01-05",
        "modelPredictions": {"bmiLimits": {"minBmi": 18.5, "maxBmi": 35}},
    },
    "conditionBrowseModule": MESHES,
}
BARE_SITE = {"city": "Berlin", "country": "Germany"}
FULL_SITE = {
    **BARE_SITE,
    "contacts": [{"name": "A. Person", "role": "CONTACT", "phone": "000"}],
    "geoPoint": {"lat": 52.52437, "lon": 13.41053},
}


def shaped(nct_id: str, derived: Record, site: Record) -> Record:
    record = a_study(nct_id, contactsLocationsModule={"locations": [site]})
    return record | {"derivedSection": derived}


@pytest.fixture(scope="module")
def both_shapes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Record]:
    """The typed records of an old and a new shape of the same trial, by shape."""
    records = [shaped("NCT90000001", OLD_DERIVED, BARE_SITE), shaped("NCT90000002", NEW_DERIVED, FULL_SITE)]
    with home_of(MadeUpRegistry({MONDAY: records}), tmp_path_factory.mktemp("shapes")) as settings:
        sync_day(settings, MONDAY)
        manifest = Lake(settings.lake).manifest(MONDAY)
        assert (manifest.studies_count, manifest.quarantined_count, manifest.drift) == (2, 0, [])
        file = Lake(settings.lake).versions_file(MONDAY)
        rows = duckdb.sql(f"from '{file}' order by nct_id").to_arrow_table().to_pylist()
    return dict(zip(["old", "new"], rows, strict=True))


def test_old_and_new_shapes_land_with_the_same_typed_values(both_shapes: dict[str, Record]) -> None:
    old, new = (deepcopy(both_shapes[shape]) for shape in ("old", "new"))
    for record in (old, new):
        assert record["derivedSection"]["conditionBrowseModule"]["meshes"] == MESHES["meshes"]
        identification = record["protocolSection"]["identificationModule"]
        assert identification.pop("nctId") in identification.pop("briefTitle")
        [site] = record["protocolSection"]["contactsLocationsModule"].pop("locations")
        assert (site["city"], site["country"]) == ("Berlin", "Germany")
    assert old["protocolSection"] == new["protocolSection"]
    assert old["hasResults"] is new["hasResults"] is False


def test_what_only_one_shape_has_is_null_in_the_other(both_shapes: dict[str, Record]) -> None:
    old, new = (both_shapes[shape]["derivedSection"] for shape in ("old", "new"))
    assert new["miscInfoModule"]["modelPredictions"]["bmiLimits"] == {"minBmi": 18.5, "maxBmi": 35.0}
    assert old["miscInfoModule"]["modelPredictions"] is None
    for name in ("browseLeaves", "browseBranches"):
        assert old["conditionBrowseModule"][name] == OLD_DERIVED["conditionBrowseModule"][name]
        assert new["conditionBrowseModule"][name] is None


def test_nested_contacts_and_coordinates_of_a_site_are_typed_where_there_are_any(
    both_shapes: dict[str, Record],
) -> None:
    [old], [new] = (
        both_shapes[shape]["protocolSection"]["contactsLocationsModule"]["locations"]
        for shape in ("old", "new")
    )
    assert (old["contacts"], old["geoPoint"]) == (None, None)
    assert new["geoPoint"] == FULL_SITE["geoPoint"]
    assert [(each["name"], each["role"], each["phone"]) for each in new["contacts"]] == [
        ("A. Person", "CONTACT", "000")
    ]
