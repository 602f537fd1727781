"""What lands of the answers, on the stored answers of four real trials and on small made-up ones."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import zstandard

from builders import a_study, real_data
from integration.test_history_home import DAY, NARROW, Home, a_history, a_home, a_trial, opened_home
from trialhouse.errors import LakeDamaged
from trialhouse.history.backfill import BackfillReport
from trialhouse.history.store import HistoryStore
from trialhouse.lake import sha256_of

STORED = ["NCT01874431", "NCT02540993", "NCT02545049", "NCT05901831"]
FILES = ["answers.jsonl.zst", "changes.parquet", "refused.parquet", "trials.parquet", "versions.parquet"]

home = pytest.fixture(a_home)


@pytest.fixture(scope="module")
def stored() -> dict[str, Any]:
    """The stored answers; of their versions only the present record is stored, so it stands for each."""
    return {nct_id: json.loads(real_data(f"history/{nct_id}.history.json").read_bytes()) for nct_id in STORED}


def serve(home: Home, stored: dict[str, Any]) -> None:
    for nct_id, answer in stored.items():
        changes = answer["history"]["changes"]
        home.add(nct_id, changes, [])
        study = json.dumps(answer["study"])
        for number in range(len(changes)):
            body = f'{{"studyVersion": {number}, "study": {study}}}'.encode()
            home.answers[f"{nct_id}/history/{number}"] = body
    home.land_day(*(answer["study"] for answer in stored.values()))


@pytest.fixture(scope="module")
def narrow_home(stored: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The stored answers, read once by narrow labels."""
    with opened_home(tmp_path_factory.mktemp("narrow")) as home:
        serve(home, stored)
        home.backfill(labels=NARROW)
        yield home


def test_every_line_of_the_four_stored_answers_lands(narrow_home: Home, stored: dict[str, Any]) -> None:
    expected = [
        (
            nct_id,
            line["version"],
            date.fromisoformat(line["date"]),
            line["status"],
            line["studyType"],
            line["moduleLabels"],
        )
        for nct_id, answer in sorted(stored.items())
        for line in answer["history"]["changes"]
    ]
    columns = "nct_id, version_number, submitted_on, status, study_type, module_labels"
    assert narrow_home.landed("changes", columns) == expected


def test_narrow_labels_ask_for_a_sixth(narrow_home: Home) -> None:
    assert len(narrow_home.asked) == 31
    assert narrow_home.landed("changes", "count(*), count_if(is_wanted)") == [(175, 27)]


def test_past_versions_are_typed_like_any_record(narrow_home: Home, stored: dict[str, Any]) -> None:
    columns = "nct_id, version_number, submitted_on, protocolSection.identificationModule.briefTitle"
    assert narrow_home.landed("versions", columns) == [
        (
            nct_id,
            line["version"],
            date.fromisoformat(line["date"]),
            answer["study"]["protocolSection"]["identificationModule"]["briefTitle"],
        )
        for nct_id, answer in sorted(stored.items())
        for line in answer["history"]["changes"]
        if f"{nct_id}/history/{line['version']}" in narrow_home.asked
    ]


def test_every_row_names_the_line_of_its_answer(narrow_home: Home) -> None:
    with zstandard.open(narrow_home.store.batch_folder(1) / "answers.jsonl.zst", "rb") as packed:
        lines = [json.loads(line) for line in packed.read().split(b"\n")[:-1]]
    assert len(lines) == 31
    for nct_id, number, place in narrow_home.landed("versions", "nct_id, version_number, answer_line"):
        answer = lines[place - 1]
        assert answer["studyVersion"] == number
        assert answer["study"]["protocolSection"]["identificationModule"]["nctId"] == nct_id
    for number, day, place in narrow_home.landed("changes", "version_number, submitted_on, answer_line"):
        assert lines[place - 1]["changes"][number]["date"] == str(day)


def test_the_default_labels_leave_out_no_version_of_a_stored_answer(
    home: Home, stored: dict[str, Any]
) -> None:
    serve(home, {"NCT01874431": stored["NCT01874431"]})
    assert home.backfill() == BackfillReport(DAY, 1, 0, 19, 0, 1, 20)


@pytest.mark.parametrize("answer", [None, b'{"changes":[]}'])
def test_a_trial_without_history_is_recorded(home: Home, answer: bytes | None) -> None:
    if answer:
        home.answers["NCT90000001/history"] = answer
    home.land_day(a_trial(1))
    report = home.backfill()
    assert (report.trials, report.without_history, report.refused) == (1, 1, 0)
    ((nct_id, versions_count, content_hash),) = home.landed(
        "trials", "nct_id, versions_count, listed_content_hash"
    )
    assert (nct_id, versions_count, len(content_hash)) == ("NCT90000001", 0, 32)


@pytest.fixture(scope="module")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Two batches: one of a trial with history and one without, then one of another trial."""
    with opened_home(tmp_path_factory.mktemp("small")) as home:
        home.add(*a_history("NCT90000001", 3))
        home.add(*a_history("NCT90000003", 1))
        home.land_day(*(a_study(f"NCT9000000{number}") for number in (1, 2, 3)))
        home.backfill(labels=NARROW, limit=2)
        home.backfill(labels=NARROW)
        yield home


def test_the_receipt_counts_and_hashes_what_landed(small_home: Home) -> None:
    manifest = small_home.store.manifest(1)
    counts = (manifest.trials_count, manifest.without_history_count, manifest.changes_count)
    assert counts == (2, 1, 3)
    assert (manifest.versions_count, manifest.refused_count, manifest.labels) == (1, 0, NARROW)
    folder = small_home.store.batch_folder(1)
    assert manifest.files == {name: sha256_of(folder / name) for name in FILES}


@pytest.fixture
def store(small_home: Home, tmp_path: Path) -> HistoryStore:
    """A copy of the small home's history, to be damaged."""
    shutil.copytree(small_home.store.root, tmp_path / "history")
    return HistoryStore(tmp_path / "history")


def test_what_landed_is_intact(store: HistoryStore, tmp_path: Path) -> None:
    store.require_intact()
    HistoryStore(tmp_path / "none").require_intact()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(file.read_bytes()[:-1])])
def test_a_damaged_file_of_any_batch_is_found(store: HistoryStore, name: str, damage: Any) -> None:
    damage(store.batch_folder(2) / name)
    with pytest.raises(LakeDamaged, match=f"000002/{name}"):
        store.require_intact()


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(b"{")])
def test_a_damaged_manifest_is_found(store: HistoryStore, damage: Any) -> None:
    damage(store.manifest_file(1))
    with pytest.raises(LakeDamaged, match="history batch 1 is unreadable"):
        store.require_intact()
