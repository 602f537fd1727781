"""Real records damaged at random: each is loaded whole or set aside with a reason, and each is counted."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builders import MONDAY, MadeUpRegistry, a_study, home_of, real_data
from torture.damages import damaged_copy
from torture.plain_reading import as_typed_text, raw_versions
from trialhouse.download import read_lines
from trialhouse.lake import Lake, Manifest
from trialhouse.landing import QUARANTINED_PAGE
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.record_type import RECORD_TYPE_FILE
from trialhouse.sync import sync_day

RECORDS_A_HOME = 2_000
ROWS_COMPARED_A_HOME = 600
TREE = json.loads(RECORD_TYPE_FILE.read_text())

ON_ONE_LINE = bytes.maketrans(b"\n\r\v", b"   ")


@cache
def whole_records() -> list[bytes]:
    """Real records, or generated ones where there are none."""
    try:
        with gzip.open(real_data("ctgov/broad-2025-10.jsonl.gz")) as lines:
            return list(lines)
    except pytest.skip.Exception:
        registry = GeneratedRegistry(days=1)
        (day,) = registry.days()
        return [registry.study(day, nct_id) or b"" for nct_id in registry.nct_ids(day)]


def damaged_records(first: int, count: int) -> dict[str, bytes]:
    """Damaged bytes by the id under which the registry lists them."""
    found = whole_records()
    return {
        f"NCT9{number:07}": damaged_copy(
            json.loads(found[number * 37 % len(found)]), f"NCT9{number:07}", number
        )
        for number in range(first, first + count)
    }


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(100, id="a_hundred"),
        pytest.param(10_000, id="ten_thousand", marks=pytest.mark.torture),
    ],
)
def test_each_damaged_record_is_loaded_whole_or_set_aside_with_a_reason(
    tmp_path: Path, figures: dict[str, Any], count: int
) -> None:
    reasons, loaded, compared = Counter[str](), 0, 0
    for first in range(0, count, RECORDS_A_HOME):
        served = damaged_records(first, min(RECORDS_A_HOME, count - first))
        registry = MadeUpRegistry({MONDAY: map(a_study, served)}, damaged=served)
        with home_of(registry, tmp_path / str(first)) as settings:
            sync_day(settings, MONDAY)
        lake = Lake(settings.lake)
        versions = list(raw_versions(lake))
        refused = list(quarantined(lake))
        require_every_record_once(served, versions, refused)
        require_counts(lake, len(served), versions, refused)
        compared += compare_typed_rows(lake, versions)
        loaded += len(versions)
        reasons.update(reason.split(":")[0] for _, reason, _ in refused)
    assert loaded + reasons.total() == count
    assert loaded > count / 4
    assert compared >= min(loaded, 500)
    figures["damaged records: loaded"] = loaded
    figures["damaged records: loaded and compared value by value"] = compared
    figures |= {f"damaged records: set aside, {kind}": number for kind, number in reasons.most_common()}


def damaged_title(title: bytes) -> bytes:
    return json.dumps(a_study("NCT90000009")).encode().replace(b'"A made-up trial, NCT90000009"', title)


def with_name_twice(name: str) -> bytes:
    sponsor = {"leadSponsor": {"name": name}}
    record = json.dumps(a_study("NCT90000009", sponsorCollaboratorsModule=sponsor), ensure_ascii=False)
    return record.encode().replace(b'{"name": ', b'{"name": "", "name": ')


SURROGATE = damaged_title(rb'"\ud800"')


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param([b"null", SURROGATE], id="null_beside_a_lone_surrogate"),
        pytest.param([b"7", SURROGATE], id="a_number_beside_a_lone_surrogate"),
        pytest.param([b'"text"', SURROGATE], id="a_text_beside_a_lone_surrogate"),
        pytest.param([json.dumps(a_study("NCT9000000\u0661")).encode()], id="an_id_in_other_digits"),
        pytest.param([damaged_title(b'"two\nlines"')], id="a_line_break_in_a_text"),
        pytest.param(
            [with_name_twice("x" * n + "🩺" * 200) for n in range(4)], id="a_name_twice_in_wide_letters"
        ),
        pytest.param([damaged_title(b"[" * 1_500 + b"]" * 1_500)], id="fifteen_hundred_brackets"),
        pytest.param([damaged_title(b'"caf\xe9"')], id="another_encoding"),
    ],
)
def test_one_damage_sets_aside_that_record_alone(tmp_path: Path, damaged: list[bytes]) -> None:
    ids = [f"NCT9000001{number}" for number in range(len(damaged))]
    served = {i: body.replace(b"NCT90000009", i.encode()) for i, body in zip(ids, damaged, strict=True)}
    whole = ["NCT90000001", "NCT90000002"]
    registry = MadeUpRegistry({MONDAY: map(a_study, [*whole, *served])}, damaged=served)
    with home_of(registry, tmp_path) as settings:
        assert sync_day(settings, MONDAY).quarantined == len(damaged)
    lake = Lake(settings.lake)
    assert [nct_id for nct_id, _, _ in raw_versions(lake)] == whole
    assert len(list(quarantined(lake))) == len(damaged)


def quarantined(lake: Lake) -> Iterator[tuple[str | None, str, bytes]]:
    """Id, reason and raw bytes of every record set aside."""
    lines = read_lines(lake.raw_folder(MONDAY) / QUARANTINED_PAGE)
    rows = duckdb.sql(
        f"select nct_id, reason, raw_line from '{lake.quarantine_file(MONDAY)}' order by raw_line"
    ).fetchall()
    assert [row[2] for row in rows] == list(range(1, len(lines) + 1))
    yield from ((nct_id, reason, lines[line - 1]) for nct_id, reason, line in rows)


def require_every_record_once(
    served: dict[str, bytes],
    versions: list[tuple[str, str, bytes]],
    refused: list[tuple[str | None, str, bytes]],
) -> None:
    """What was served is what lies in raw, byte for byte but for line breaks, under the id it names."""
    kept = Counter(body.translate(ON_ONE_LINE) for _, _, body in [*versions, *refused])
    assert Counter(body.translate(ON_ONE_LINE) for body in served.values()) == kept
    assert all(reason for _, reason, _ in refused)
    for nct_id, _, body in versions:
        assert plain_id(body) == nct_id
    for known, _, body in refused:
        assert known in (None, plain_id(body))
        assert known or not is_plainly_readable(body)


def require_counts(
    lake: Lake,
    served: int,
    versions: list[tuple[str, str, bytes]],
    refused: list[tuple[str | None, str, bytes]],
) -> None:
    manifest: Manifest = lake.manifest(MONDAY)
    presence = duckdb.sql(
        f"select nct_id, version_date is not null from '{lake.presence_file(MONDAY)}'"
    ).fetchall()
    loaded = {(nct_id, True) for nct_id, _, _ in versions}
    set_aside = {(nct_id, False) for nct_id, _, _ in refused if nct_id}
    assert set(presence) == loaded | set_aside
    assert len(presence) == manifest.studies_count == len(loaded) + len(set_aside)
    assert (manifest.total_count, manifest.listed_count, manifest.read_count) == (served, served, served)
    assert manifest.quarantined_count == len(refused) == served - len(versions)
    assert manifest.unidentified_count == sum(nct_id is None for nct_id, _, _ in refused)


# ---------- plain Python over the bytes


def plain_id(body: bytes) -> str | None:
    """The id that plain Python finds; in a record too deep for it, the first that is written as one."""
    try:
        record = json.loads(body.decode(errors="replace"), strict=False)
        nct_id = record["protocolSection"]["identificationModule"]["nctId"]
    except RecursionError:
        found = re.search(rb'"nctId":\s*"(NCT[0-9]{8})"', body)
        return found[1].decode() if found else None
    except (ValueError, LookupError, TypeError):
        return None
    return nct_id if isinstance(nct_id, str) else None


def is_plainly_readable(body: bytes) -> bool:
    """Strict JSON of moderate depth and numbers, an object, with an id of the right form."""
    try:
        record = json.loads(body.decode(), parse_constant=_refuse, parse_float=_finite, parse_int=_finite)
        json.dumps(record, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    nct_id = plain_id(body) or ""
    is_an_id = (
        len(nct_id) == 11 and nct_id.startswith("NCT") and all(digit in "0123456789" for digit in nct_id[3:])
    )
    return isinstance(record, dict) and is_an_id


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _finite(text: str) -> float:
    value = float(text)
    return _refuse(text) if value in (float("inf"), float("-inf")) else value


def compare_typed_rows(lake: Lake, versions: list[tuple[str, str, bytes]]) -> int:
    """Typed rows against what their type leaves of the JSON; returns how many were compared."""
    every = max(1, len(versions) // ROWS_COMPARED_A_HOME)
    bodies = {nct_id: body for nct_id, _, body in versions[::every]}
    rows = duckdb.sql(
        f"select nct_id, to_json(struct_pack({', '.join(TREE)}))::varchar from '{lake.versions_file(MONDAY)}'"
    ).fetchall()
    for nct_id, row in rows:
        if nct_id in bodies:
            expected = as_typed(json.loads(bodies[nct_id]), TREE)
            assert _text(without_nulls(json.loads(row))) == _text(expected), nct_id
    return len(bodies)


def as_typed(value: Any, node: Any) -> Any:
    """A value as its node of the type tree can hold it: no unknown field, no null; nothing is less than zero
    by a sign alone.
    """
    if isinstance(node, dict):
        return {
            name: as_typed(item, node[name])
            for name, item in value.items()
            if name in node and item is not None
        }
    if isinstance(node, list):
        return [as_typed(item, node[0]) for item in value]
    return float(value) + 0.0 if node == "DOUBLE" else as_typed_text(value)


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value + 0.0 if isinstance(value, float) else value


def _text(value: Any) -> str:
    """In which True is not 1, and 1.0 is not 1."""
    return json.dumps(value, sort_keys=True)
