"""Replayed days: stored files served byte for byte."""

import gzip
import json
import os
from datetime import date
from pathlib import Path

import httpx
import msgspec
import pytest

from trialhouse.errors import SettingsInvalid
from trialhouse.local_registry.generated import GeneratedRegistry
from trialhouse.local_registry.opening import open_source
from trialhouse.local_registry.replayed import ReplayedRegistry
from trialhouse.local_registry.server import running

DAY = date(2026, 11, 20)
REAL_DAYS = (
    Path(os.environ.get("TRIALHOUSE_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
    / "ctgov"
    / "daily"
)


def a_line(number: int, posted: str = "2026-11-19") -> bytes:
    """A record with blanks where no encoder puts them."""
    return (
        f'{{"protocolSection": {{ "identificationModule" : {{"nctId": "NCT{number:08d}"}},'
        f' "statusModule":{{"lastUpdatePostDateStruct":{{"date":"{posted}"}}}}}},"hasResults":false}}'
    ).encode()


def a_page(*lines: bytes) -> bytes:
    return b'{"totalCount": 9, "studies": [' + b", ".join(lines) + b'], "nextPageToken": "x"}'


INDENTED = json.dumps({"studies": [json.loads(a_line(1)), json.loads(a_line(2))]}, indent=2).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("2026-11-20.jsonl", a_line(1) + b"\n" + a_line(2)),
        ("2026-11-20.jsonl", a_line(1) + b"\r\n\n" + a_line(2) + b"\n"),
        ("2026-11-20.jsonl", a_page(a_line(1)) + b"\n" + a_page(a_line(2)) + b"\n"),
        ("2026-11-20.json", a_page(a_line(1), a_line(2))),
        ("2026-11-20.jsonl.gz", gzip.compress(a_line(1) + b"\n" + a_line(2))),
        ("2026-11-20.json.gz", gzip.compress(a_page(a_line(1), a_line(2)))),
    ],
)
def test_every_layout_gives_the_same_slices(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    registry = ReplayedRegistry(tmp_path)
    assert registry.days() == [DAY]
    assert registry.nct_ids(DAY) == ("NCT00000001", "NCT00000002")
    assert registry.study(DAY, "NCT00000002") == a_line(2)
    assert registry.posted_on(DAY, "NCT00000002") == "2026-11-19"
    assert registry.study(DAY, "NCT00000003") is None


def test_indented_page_is_one_document(tmp_path: Path) -> None:
    (tmp_path / "2026-11-20.json").write_bytes(INDENTED)
    registry = ReplayedRegistry(tmp_path)
    assert registry.nct_ids(DAY) == ("NCT00000001", "NCT00000002")
    assert (registry.study(DAY, "NCT00000001") or b"-") in INDENTED


def test_only_two_days_stay_in_memory(tmp_path: Path) -> None:
    for number in (16, 17, 18):
        (tmp_path / f"2026-11-{number}.jsonl").write_bytes(a_line(number))
    registry = ReplayedRegistry(tmp_path)
    for number in (16, 17, 18, 16):
        assert registry.nct_ids(date(2026, 11, number)) == (f"NCT{number:08d}",)
    assert len(registry._loaded) == 2


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "2026-11-20.jsonl").write_bytes(a_line(1))
    (tmp_path / "README.md").write_text("not a day")
    assert ReplayedRegistry(tmp_path).days() == [DAY]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("2026-11-20.jsonl", a_line(1) + b"\n{broken", "line 2: not JSON"),
        ("2026-11-20.jsonl", b"[1, 2]\n", "line 1: not JSON of studies"),
        ("2026-11-20.jsonl", a_line(1) + b"\n\n" + a_line(1), "line 3: NCT00000001 is in this day twice"),
        ("2026-11-20.jsonl", b'{"protocolSection": {}}', "line 1: not a study record"),
        ("2026-11-20.json", INDENTED.replace(b'NCT00000002"', b"NCT00000002", 1), "line 19: not JSON"),
        ("2026-11-20.jsonl.gz", b"no gzip", "not a whole gzip file"),
        ("2026-11-20.jsonl.gz", gzip.compress(a_line(1))[:-9], "not a whole gzip file"),
    ],
)
def test_damaged_file_is_named_with_its_line(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SettingsInvalid, match=said) as caught:
        ReplayedRegistry(tmp_path).nct_ids(DAY)
    assert name in str(caught.value)


def test_folder_without_days_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="has no file named like"):
        ReplayedRegistry(tmp_path)
    with pytest.raises(SettingsInvalid, match="is not a folder"):
        ReplayedRegistry(tmp_path / "nowhere")


def test_day_twice_or_no_day_at_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / "2026-11-20.jsonl").write_bytes(a_line(1))
    with pytest.raises(SettingsInvalid, match="there is no file for 2026-11-19"):
        ReplayedRegistry(tmp_path).nct_ids(date(2026, 11, 19))
    (tmp_path / "2026-11-20.json").write_bytes(a_page(a_line(1)))
    with pytest.raises(SettingsInvalid, match="are the same day"):
        ReplayedRegistry(tmp_path)
    (tmp_path / "2026-02-30.json").write_bytes(b"")
    with pytest.raises(SettingsInvalid, match="2026-02-30 is not a day"):
        ReplayedRegistry(tmp_path)


def test_source_is_opened_by_word_or_folder(tmp_path: Path) -> None:
    (tmp_path / "2026-11-20.jsonl").write_bytes(a_line(1))
    assert isinstance(open_source(str(tmp_path)), ReplayedRegistry)
    generated = open_source("sample", size=5, days=3)
    assert isinstance(generated, GeneratedRegistry)
    assert len(generated.days()) == 3


@pytest.mark.skipif(
    not REAL_DAYS.is_dir(), reason=f"no real records at {REAL_DAYS} (set TRIALHOUSE_REAL_DATA)"
)
def test_real_days_are_replayed_byte_for_byte() -> None:
    registry = ReplayedRegistry(REAL_DAYS)
    assert len(registry.days()) == 9
    with running(registry) as address, httpx.Client(base_url=address, timeout=60) as client:
        for path in sorted(REAL_DAYS.glob("*.jsonl.gz")):
            answer = client.get(f"/days/{path.name[:10]}/api/v2/studies?pageSize=1000&countTotal=true")
            page = msgspec.json.decode(answer.content, type=dict[str, msgspec.Raw])
            slices = [bytes(study) for study in msgspec.json.decode(page["studies"], type=list[msgspec.Raw])]
            assert slices == gzip.decompress(path.read_bytes()).splitlines()
            assert int(bytes(page["totalCount"])) == len(slices)
