"""What an index says, and which versions of it are worth a request."""

import json
from datetime import date
from typing import Any

import pytest

from builders import a_study, real_data
from trialhouse.history.answers import IndexUnreadable, read_index, read_past_version
from trialhouse.history.plan import WANTED_LABELS, wanted_versions
from trialhouse.records import RecordUnreadable

VERSIONS = {"NCT01874431": 19, "NCT02540993": 60, "NCT02545049": 70, "NCT05901831": 26}
NARROW = ("Outcome Measures", "Study Design")
NARROW_VERSIONS = {"NCT01874431": 8, "NCT02540993": 8, "NCT02545049": 7, "NCT05901831": 4}


def a_change(version: int, *labels: str, status: str = "RECRUITING", **fields: Any) -> dict[str, Any]:
    line = {"version": version, "date": f"2020-01-{version + 1:02d}", "status": status}
    return {**line, "moduleLabels": list(labels), **fields}


def an_index(*changes: dict[str, Any]) -> bytes:
    return json.dumps({"changes": changes}).encode()


def stored_history(nct_id: str) -> dict[str, Any]:
    answer = json.loads(real_data(f"history/{nct_id}.history.json").read_bytes())
    return dict(answer["history"])


@pytest.mark.parametrize("nct_id", VERSIONS)
def test_every_line_of_a_stored_answer_is_read(nct_id: str) -> None:
    history = stored_history(nct_id)
    read = [
        {
            "version": change.version_number,
            "date": str(change.submitted_on),
            "status": change.status,
            "studyType": change.study_type,
            "moduleLabels": change.module_labels,
        }
        for change in read_index(json.dumps(history).encode())
    ]
    stored = [{key: line[key] for key in line if key != "unpostedEvents"} for line in history["changes"]]
    assert len(read) == VERSIONS[nct_id]
    assert read == stored


@pytest.mark.parametrize("nct_id", VERSIONS)
def test_the_default_labels_leave_out_none_of_the_stored_versions(nct_id: str) -> None:
    changes = read_index(json.dumps(stored_history(nct_id)).encode())
    assert len(wanted_versions(changes, WANTED_LABELS)) == VERSIONS[nct_id]


@pytest.mark.parametrize("nct_id", VERSIONS)
def test_narrow_labels_leave_out_most_of_the_stored_versions(nct_id: str) -> None:
    changes = read_index(json.dumps(stored_history(nct_id)).encode())
    assert len(wanted_versions(changes, NARROW)) == NARROW_VERSIONS[nct_id]


def test_the_registration_is_always_wanted() -> None:
    assert wanted_versions(read_index(an_index(a_change(0), a_change(1, "References"))), ()) == [0]


def test_a_version_that_touches_a_wanted_label_is_wanted() -> None:
    index = an_index(a_change(0), a_change(1, "References", "Study Design"), a_change(2, "References"))
    assert wanted_versions(read_index(index), NARROW) == [0, 1]


def test_a_change_of_status_is_wanted_whatever_the_labels() -> None:
    index = an_index(a_change(0), a_change(1, "Study Status", status="SUSPENDED"), a_change(2))
    assert wanted_versions(read_index(index), NARROW) == [0, 1, 2]


def test_a_404_is_no_history() -> None:
    assert read_index(b"") == []


def test_an_empty_list_is_no_history() -> None:
    assert read_index(b'{"changes":[]}') == []


def test_a_list_from_newest_to_oldest_is_turned() -> None:
    changes = read_index(an_index(a_change(1), a_change(0)))
    assert [change.submitted_on for change in changes] == [date(2020, 1, 1), date(2020, 1, 2)]


@pytest.mark.parametrize(
    ("index", "reason"),
    [
        (an_index(a_change(0), a_change(2)), "versions are not 0 to 1: [0, 2]"),
        (an_index(a_change(1)), "versions are not 0 to 0: [1]"),
        (an_index(a_change(0), a_change(0)), "versions are not 0 to 1: [0, 0]"),
        (an_index(a_change(0, date="2020-02-30")), "date"),
        (an_index(a_change(0, date="2020-02")), "date"),
        (an_index(a_change(0, moduleLabels="References")), "moduleLabels"),
        (b"{}", "changes"),
        (b"[" * 5000 + b"]" * 5000, "not an index"),
    ],
)
def test_an_index_that_cannot_be_relied_on_is_refused_with_a_reason(index: bytes, reason: str) -> None:
    with pytest.raises(IndexUnreadable) as error:
        read_index(index)
    assert reason in str(error.value)


def test_a_past_version_keeps_the_bytes_of_its_record() -> None:
    study = json.dumps(a_study()).encode().replace(b": ", b" :\t")
    version = read_past_version(b'{"studyVersion":3,"study":' + study + b"}", "NCT90000001", 3)
    assert version.study == study


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "has no such version"),
        (b'{"studyVersion":3}', "not a version"),
        (json.dumps({"studyVersion": 4, "study": a_study()}).encode(), "sent version 4 instead"),
        (json.dumps({"study": a_study("NCT90000002")}).encode(), "sent a record of NCT90000002 instead"),
        (json.dumps({"study": {"protocolSection": {}}}).encode(), "no NCT id"),
        (json.dumps({"study": a_study(conditionsModule="none")}).encode(), "does not fit its type"),
    ],
)
def test_a_past_version_that_cannot_be_loaded_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(RecordUnreadable, match=reason):
        read_past_version(body, "NCT90000001", 3)


def test_an_old_version_without_types_and_outcomes_is_normal() -> None:
    old = a_study(
        statusModule__startDateStruct={"date": "1999-09"},
        outcomesModule={},
        descriptionModule={"briefSummary": "<p>An old <mark>trial</mark></p>"},
    )
    assert read_past_version(json.dumps({"study": old}).encode(), "NCT90000001", 0).content_hash
